"""What guests send with the seat page, and to find a booking."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.pages.forms import GuestForm

MOST_LABELS = 100


def wished_seats(sent: QueryDict) -> list[str] | int:
    """The ticked seats, or how many seats are wanted together; [] where neither makes sense."""
    party = sent.get("party", "").strip()
    if not party:
        return sent.getlist("seats")[:MOST_LABELS]
    return int(party) if party.isascii() and party.isdigit() and len(party) < 5 else []


class FindForm(GuestForm):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Ten letters and digits, on every ticket and in our letter."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        help_text=_("The one that you booked with."),
    )
