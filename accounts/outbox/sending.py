"""How a message leaves the house: taken by one worker, written, handed to the mail server, marked.

A worker that dies between the last two has sent a message of which nobody knows; it is sent again,
with the same Message-ID. That is the one way to a second copy.
"""

import logging
import re
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError
from django.utils import translation

from accounts.models import Channel, OutgoingMessage, OutgoingMessageQuerySet
from accounts.outbox.renderer import WRITERS, compose
from moviereservation.db.transactions import is_transient

logger = logging.getLogger(__name__)

# Longer than a mail server may take; then the worker that had the message is dead.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
ADDRESS = re.compile(r"[^\s<>'\"]+@[^\s<>'\"]+")
NOT_WANTED = "not wanted any more"


def attempt(key: str, *, now: datetime) -> bool:
    """Attempt one message once; return False to whoever finds it taken, sent or given up."""
    message = _take(key, now=now)
    if message is None:
        return False
    try:
        sent = SENDERS[message.channel](message)
    except Exception as error:
        _try_later(message, error, now=now)
        return True
    if sent:
        # Whoever has it meanwhile: what was sent stays sent.
        _mark(message, OutgoingMessage.objects.waiting(), sent_at=now, last_error="")
    else:
        _mark_if_ours(message, given_up_at=now, last_error=NOT_WANTED)
    return True


def _take(key: str, *, now: datetime) -> OutgoingMessage | None:
    try:
        return OutgoingMessage.objects.take(key, now=now, lease=LEASE)
    except OperationalError as error:
        if is_transient(error):
            return None  # on Galera this is how one hears that another node was first
        raise


def _send_email(message: OutgoingMessage) -> bool:
    with translation.override(message.language):
        content = WRITERS[message.kind](**message.about)
        if content is None:
            return False
        compose(content, key=message.key).send()
    return True


# A worker takes only what it can send: one of the release before may still run beside it.
SENDERS: dict[str, Callable[[OutgoingMessage], bool]] = {Channel.EMAIL: _send_email}


def _try_later(message: OutgoingMessage, error: Exception, *, now: datetime) -> None:
    # Without addresses: the row outlives the account of whoever gets the message.
    last_error = ADDRESS.sub("…", f"{type(error).__name__}: {error}")[:200]
    pause = min(FIRST_PAUSE * 2 ** min(message.tries - 1, 10), LONGEST_PAUSE)
    if _is_final(error) or now + pause > message.good_until:
        logger.warning("Message %s is given up: %s", message.pk, last_error)
        _mark_if_ours(message, given_up_at=now, last_error=last_error)
        return
    if not isinstance(error, OSError):  # smtplib's are, too; what is none is a fault of ours
        logger.exception("Message %s could not be written", message.pk)
    _mark_if_ours(message, due_at=now + pause, last_error=last_error)


def _is_final(error: Exception) -> bool:
    """The mail server knows for sure that there is no such mailbox."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _reason in error.recipients.values())


def _mark_if_ours(message: OutgoingMessage, **changes: object) -> None:
    """Write down what came of it, unless the lease is over and another worker has it."""
    ours = OutgoingMessage.objects.waiting().filter(taken_until=message.taken_until)
    _mark(message, ours, **changes)


def _mark(message: OutgoingMessage, rows: OutgoingMessageQuerySet, **changes: object) -> None:
    for last in (False, False, True):
        try:
            rows.filter(pk=message.pk).update(taken_until=None, **changes)
            return
        except OperationalError:
            if last:
                raise
