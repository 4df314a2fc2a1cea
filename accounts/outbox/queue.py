"""Messages to guests and staff: promised in a transaction, sent once by a worker afterwards.

    outbox.enqueue("password_reset", key=f"password_reset:{…}", now=now, user_id=user.pk)

The promise is a row that commits with what it tells of, and an entry in the queue (django-tasks-db)
beside it. `renderer` writes the e-mail, `sending` sends it. Nothing here talks to a mail server.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django_tasks_db.models import DBTaskResult

from accounts.models import OutgoingMessage
from accounts.outbox.renderer import Content, File, writer
from accounts.outbox.sending import LEASE, deliver

__all__ = ["Content", "File", "enqueue", "resume", "try_again", "writer"]

GOOD_FOR = timedelta(days=3)
# A message that no worker has taken for so long after its time has lost its entry in the queue.
OVERDUE = timedelta(minutes=1)
ENTRIES_KEPT = timedelta(days=1)
BATCH = 200


def enqueue(
    kind: str,
    *,
    key: str,
    now: datetime,
    good_for: timedelta = GOOD_FOR,
    language: str = "",
    **about: int | str,
) -> bool:
    """Promise a message, once for each key; return False if it was promised before.

    The promise belongs to the caller's transaction, so that both commit or neither. `about` is what
    the writer will be called with: keys of records, never a secret, because it is stored. While the
    mail server is away, the message is tried again for as long as it is `good_for`. Its language is
    that of the request, unless another is named.
    """
    try:
        with transaction.atomic():
            entry = deliver.enqueue(key)
            OutgoingMessage.objects.create(
                key=key,
                kind=kind,
                about=about,
                language=language or get_language(),
                posted_at=now,
                due_at=now,
                good_until=now + good_for,
                task_id=entry.id,
            )
    except IntegrityError:
        return False
    return True


def try_again(messages: Iterable[OutgoingMessage], *, now: datetime) -> int:
    """Try what was not sent at once, and for as long as a new message; count them.

    A message that a worker has in hand at this moment is left to it.
    """
    at_work = DBTaskResult.objects.running().filter(started_at__gt=now - LEASE).values("id")
    tried = 0
    for message in messages:
        with transaction.atomic():
            entry = deliver.enqueue(message.key)
            waiting = OutgoingMessage.objects.filter(pk=message.pk, sent_at=None)
            tried += waiting.exclude(task_id__in=at_work).update(
                given_up_at=None, due_at=now, good_until=now + GOOD_FOR, task_id=entry.id
            )
    return tried


def resume(*, now: datetime) -> int:
    """Queue again what a worker took and never brought to an end; count them. For housekeeping."""
    queued = DBTaskResult.objects.filter(status="READY").values("id")
    lost = (
        OutgoingMessage.objects.waiting()
        .filter(due_at__lt=now - OVERDUE)
        .exclude(task_id__in=queued)
    )
    keys = list(lost.order_by("due_at").values_list("key", flat=True)[:BATCH])
    for key in keys:
        with transaction.atomic():
            entry = deliver.enqueue(key)
            OutgoingMessage.objects.waiting().filter(key=key).update(task_id=entry.id)
    return len(keys)


def forget_old_entries(*, now: datetime) -> int:
    """Drop what the queue has done with; count it. What became of a message stands in its row."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - ENTRIES_KEPT)
    entries = list(old.values_list("pk", flat=True).order_by()[:BATCH])
    DBTaskResult.objects.filter(pk__in=entries).delete()
    return len(entries)
