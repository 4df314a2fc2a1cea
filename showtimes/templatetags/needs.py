"""Shortcuts for guests whose account says what they need."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from showtimes.programme.query import ACCESS, ProgrammeQuery

register = template.Library()

SHORTCUTS = {
    "captions": _("only showtimes with captions"),
    "audio_description": _("only showtimes with audio description"),
}


@dataclass(frozen=True, slots=True)
class Shortcut:
    label: str
    url: str


@register.simple_tag
def needed_filters(query: ProgrammeQuery, person: object) -> list[Shortcut]:
    """To what's on with captions or audio description, as far as it is not chosen already."""
    if not isinstance(person, User):  # nobody is logged in
        return []
    needs = person.needs
    return [
        Shortcut(str(words), query.choose(ACCESS, name).url)
        for name, words in SHORTCUTS.items()
        if getattr(needs, name) and not query.has(ACCESS, name)
    ]
