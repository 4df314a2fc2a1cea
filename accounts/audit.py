"""What the back office says of messages that do not go out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import OutgoingMessage, OutgoingMessageQuerySet
from moviereservation.db.audit_rules import STUCK_AFTER, trouble


@trouble(
    "messages wait for the mail server",
    to_do=_("Look whether the mail server takes mail: next to each message stands why not yet."),
    words=ngettext_lazy(
        "%(n)s message waits for the mail server for more than ten minutes",
        "%(n)s messages wait for the mail server for more than ten minutes",
        "n",
    ),
    permission="accounts.view_outgoingmessage",
    address="accounts_outgoingmessage_changelist?standing=waiting",
)
def unsent_messages(now: datetime) -> OutgoingMessageQuerySet:
    return OutgoingMessage.objects.waiting().filter(posted_at__lt=now - STUCK_AFTER)
