"""What the worker does with the messages that were promised, at once."""

import re

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.models import OutgoingMessage
from accounts.outbox import sending


def delivered() -> list[EmailMessage]:
    """Everything that has been sent, after sending what was waiting."""
    for key in OutgoingMessage.objects.waiting().order_by("pk").values_list("key", flat=True):
        sending.attempt(key, now=timezone.now())
    return mail.outbox


def link_in(email: EmailMessage) -> str:
    """The path of the last link in its words; it must lead to our own address."""
    *_others, link = re.findall(r"^http://localhost:8000(/\S+)$", str(email.body), re.M)
    return link
