"""Messages to guests and staff: promised in a transaction, sent once by a worker afterwards.

    outbox.enqueue("password_reset", key=f"password_reset:{…}", now=now, user_id=user.pk)

The promise is one row that commits with what it tells of. `worker` takes it, `renderer` writes the
e-mail, `sending` sends it. Nothing here talks to a mail server.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import get_language

from accounts.models import OutgoingMessage
from moviereservation.db import inserts
from moviereservation.db.batches import Statement, send

GOOD_FOR = timedelta(days=3)


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
    promise = insertion(kind, key=key, now=now, good_for=good_for, language=language, **about)
    (written,) = send(promise)
    return bool(written.changed)


def insertion(
    kind: str,
    *,
    key: str,
    now: datetime,
    good_for: timedelta = GOOD_FOR,
    language: str = "",
    **about: int | str,
) -> Statement:
    """What `enqueue` would run, for whoever sends several statements at once.

    It inserts one row, or none where the key was promised before. Raises ValidationError for what
    does not fit into its column.
    """
    message = OutgoingMessage(
        key=key,
        kind=kind,
        about=about,
        language=language or get_language(),
        posted_at=now,
        due_at=now,
        good_until=now + good_for,
    )
    return inserts.insertion_if_new(message)


def try_again(messages: Iterable[OutgoingMessage], *, now: datetime) -> int:
    """Try what was not sent at once, and for as long as a new message; count them.

    A message that a worker has in hand at this moment is left to it.
    """
    chosen = OutgoingMessage.objects.filter(pk__in=[message.pk for message in messages])
    return (
        chosen.filter(sent_at=None)
        .not_in_hand(now=now)
        .update(given_up_at=None, due_at=now, good_until=now + GOOD_FOR)
    )
