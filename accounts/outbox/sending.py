"""How a message leaves the house: taken by one worker, written, handed to the mail server, marked.

A worker that dies between the last two has sent a message of which nobody knows; it is sent again,
with the same Message-ID. That is the one way to a second copy.
"""

import logging
import re
import smtplib
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django_tasks import task

from accounts.models import OutgoingMessage
from accounts.outbox.renderer import WRITERS, compose

logger = logging.getLogger(__name__)

# Longer than a mail server may take; then the worker that had the message is dead.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
ADDRESS = re.compile(r"[^\s<>'\"]+@[^\s<>'\"]+")
NOT_WANTED = "not wanted any more"


@task()
def deliver(key: str) -> None:
    """Attempt one message once. Whoever comes second finds it taken, sent or given up."""
    attempt(key, now=timezone.now())


def attempt(key: str, *, now: datetime) -> None:
    message = OutgoingMessage.objects.take(key, now=now, lease=LEASE)
    if message is None:
        return
    try:
        sent = _send(message)
    except Exception as error:
        _try_later(message, error, now=now)
        return
    if sent:
        _mark(message, sent_at=now, last_error="")
    else:
        _mark(message, given_up_at=now, last_error=NOT_WANTED)


def _send(message: OutgoingMessage) -> bool:
    with translation.override(message.language):
        content = WRITERS[message.kind](**message.about)
        if content is None:
            return False
        compose(content, key=message.key).send()
    return True


def _try_later(message: OutgoingMessage, error: Exception, *, now: datetime) -> None:
    # Without addresses: the row outlives the account of whoever gets the message.
    last_error = ADDRESS.sub("…", f"{type(error).__name__}: {error}")[:200]
    pause = min(FIRST_PAUSE * 2 ** min(message.tries - 1, 10), LONGEST_PAUSE)
    if _is_final(error) or now + pause > message.good_until:
        logger.warning("Message %s is given up: %s", message.pk, last_error)
        _mark(message, given_up_at=now, last_error=last_error)
        return
    if not isinstance(error, OSError):  # smtplib's are, too; what is none is a fault of ours
        logger.exception("Message %s could not be written", message.pk)
    with transaction.atomic():
        entry = deliver.using(run_after=now + pause).enqueue(message.key)
        _mark(message, due_at=now + pause, last_error=last_error, task_id=entry.id)


def _is_final(error: Exception) -> bool:
    """The mail server knows for sure that there is no such mailbox."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _reason in error.recipients.values())


def _mark(message: OutgoingMessage, **changes: object) -> None:
    """Write down what came of it. What was sent stays sent, whoever wakes up late."""
    for last in (False, False, True):
        try:
            OutgoingMessage.objects.waiting().filter(pk=message.pk).update(**changes)
            return
        except OperationalError:
            if last:
                raise
