"""What bookings know of a person: as a file for them, and what ends when they leave."""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import OutgoingMessage, OutgoingMessageQuerySet, User
from payments.models import Payment
from reservations import checkout
from reservations.errors import BookingRefused, StateMoved
from reservations.models import Reservation, ReservedSeat, State


def bookings_of(person: User) -> list[dict[str, Any]]:
    """Every reservation with its seats, money and history, the oldest first.

    Nothing in it lets anybody in or lets them pay: no ticket's code, no secret of Stripe's.
    """
    reservations = person.reservations.shown_to_guests().prefetch_related("history").order_by("pk")
    messages: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for message in _messages_about(person).order_by("pk"):
        line = {"kind": message.kind, "postedAt": message.posted_at, "sentAt": message.sent_at}
        messages[message.about["reservation_id"]].append(line)
    return [
        _booking(reservation) | {"letters": messages[reservation.pk]}
        for reservation in reservations
    ]


def cancel_unpaid(person: User, *, now: datetime) -> None:
    """Give back what they hold unpaid. What is paid stays valid, and so does what is being paid."""
    for reservation in person.reservations.filter(state=State.HELD).select_related("payment"):
        with suppress(BookingRefused, StateMoved):  # paid in this very moment
            checkout.cancel(reservation, now=now, by=Actor.guest(person.pk))
    # A mail server may have named the address when it refused an e-mail.
    _messages_about(person).update(last_error="")


def _messages_about(person: User) -> OutgoingMessageQuerySet:
    own = list(person.reservations.values_list("pk", flat=True))
    return OutgoingMessage.objects.filter(about__reservation_id__in=own)


def _booking(reservation: Reservation) -> dict[str, Any]:
    showtime = reservation.showtime
    return {
        "reference": reservation.reference,
        "state": reservation.state,
        "movie": showtime.movie.title,
        "auditorium": showtime.auditorium.name,
        "startsAt": showtime.starts_at,
        "amount": reservation.amount,
        "currency": reservation.currency,
        "bookedAt": reservation.created_at,
        "confirmedAt": reservation.confirmed_at,
        "endedAt": reservation.ended_at,
        "seats": [_seat(claim) for claim in reservation.seats.all()],
        "history": [
            {"from": line.from_state, "to": line.to_state, "at": line.at, "by": line.by}
            for line in reservation.history.all()
        ],
        "payment": _payment(reservation.payment),
    }


def _seat(claim: ReservedSeat) -> dict[str, Any]:
    return {
        "seat": claim.label,
        "price": claim.price,
        "givenBackAt": claim.returned_at,
        "admittedAt": claim.admitted_at,
    }


def _payment(payment: Payment | None) -> dict[str, Any] | None:
    if payment is None:
        return None
    return {
        "stripeId": payment.intent_id,
        "status": payment.status,
        "amount": payment.amount,
        "captured": payment.amount_captured,
        "currency": payment.currency,
        "createdAt": payment.created_at,
        "refunds": [
            {
                "amount": refund.amount,
                "reason": refund.reason,
                "status": refund.status,
                "createdAt": refund.created_at,
            }
            for refund in payment.refunds.all()
        ],
    }
