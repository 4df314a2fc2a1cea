"""What the back office says of letters that do not go out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Letter, LetterQuerySet
from moviereservation.db.audit_rules import STUCK_AFTER, trouble


@trouble(
    "letters wait for the mail server",
    to_do=_("Look whether the mail server takes mail: next to each letter stands why not yet."),
    words=ngettext_lazy(
        "%(n)s letter waits for the mail server for more than ten minutes",
        "%(n)s letters wait for the mail server for more than ten minutes",
        "n",
    ),
    permission="accounts.view_letter",
    address="accounts_letter_changelist?standing=waiting",
)
def unsent_letters(now: datetime) -> LetterQuerySet:
    return Letter.objects.waiting().filter(posted_at__lt=now - STUCK_AFTER)
