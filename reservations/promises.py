"""What a guest is told, promised in the transaction of what it tells of.

Each promise is a row in the outbox. `reservations.tickets.emails` writes it, later; nothing here
knows how a ticket or a calendar entry looks.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from accounts import outbox
from accounts.actors import Actor
from accounts.models import OutgoingMessage
from moviereservation.db.batches import Statement
from payments.models import Refund
from reservations.models import Reservation

AGAIN_EVERY = timedelta(minutes=1)


def language_of_the_request() -> str:
    """In which the guest is told; empty for the cinema's own.

    It is kept with the hold: who confirms it may be a webhook, which speaks no language.
    """
    language = get_language()
    return language if language and language != settings.LANGUAGE_CODE else ""


def booked(reservation: Reservation, *, now: datetime) -> list[Statement]:
    """The statements that promise the tickets of a sale, to be written with it."""
    if reservation.guest_id is None:
        return []
    promise = outbox.insertion(
        "tickets",
        key=_key(reservation, "confirmed"),
        now=now,
        language=_language(reservation),
        reservation_id=reservation.pk,
    )
    return [promise]


def cancelled(reservation: Reservation, refund: Refund | None, *, by: Actor, now: datetime) -> None:
    refund_id = refund.pk if refund is not None else 0
    kind = str(by.kind)
    _enqueue("cancelled", reservation, "cancelled", now=now, refund_id=refund_id, by=kind)


def seats_returned(
    reservation: Reservation, refund: Refund | None, *, key: str, seats: str, now: datetime
) -> None:
    """`key` names this one act; `seats` are the labels of what was given back."""
    refund_id = refund.pk if refund is not None else 0
    _enqueue("seats_returned", reservation, key, now=now, refund_id=refund_id, seats=seats)


def not_booked(reservation: Reservation, *, now: datetime) -> None:
    """Money was authorised, and nothing came of it: who has closed the browser does not know."""
    _enqueue("not_booked", reservation, "not-booked", now=now)


def tickets_again(reservation: Reservation, *, now: datetime) -> bool:
    """The tickets once more, on request; False while they are on their way as it is."""
    latest = latest_tickets(reservation)
    if latest is not None and (
        latest.standing == "waiting"
        or (":again" in latest.key and now - latest.posted_at < AGAIN_EVERY)
    ):
        return False
    # After which message is part of the key, so that two requests at once are one.
    return _enqueue("tickets", reservation, f"again:{latest.pk if latest else 0}", now=now)


def messages_about(reservation: Reservation) -> list[OutgoingMessage]:
    """All that were promised, the oldest first."""
    return list(
        OutgoingMessage.objects.filter(key__startswith=f"{reservation.reference}:").order_by("pk")
    )


def latest_tickets(reservation: Reservation) -> OutgoingMessage | None:
    """The last message with the tickets, on its way or there; None before there was one."""
    sent = [message for message in messages_about(reservation) if message.kind == "tickets"]
    return sent[-1] if sent else None


def _enqueue(
    kind: str, reservation: Reservation, what: str, *, now: datetime, **about: Any
) -> bool:
    if reservation.guest_id is None:
        return False
    key, language = _key(reservation, what), _language(reservation)
    about |= {"reservation_id": reservation.pk}
    return outbox.enqueue(kind, key=key, now=now, language=language, **about)


def _key(reservation: Reservation, what: str) -> str:
    return f"{reservation.reference}:{what}"


def _language(reservation: Reservation) -> str:
    return reservation.language or settings.LANGUAGE_CODE
