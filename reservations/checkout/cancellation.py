"""Cancelling: a hold, a sale, or some seats of a sale that goes on with the others.

The locking law of `reservations.booking` holds: seats, then the reservation, then its payment. The
seats are free and the refund is recorded in one transaction; Stripe is asked after it, and what it
does not answer housekeeping repeats.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from moviereservation.db.transactions import rerun
from payments import refunds
from payments.models import Payment, Refund
from reservations import promises
from reservations.booking.locking import locked
from reservations.booking.steps import end, invalidate_after_commit
from reservations.checkout import settlement
from reservations.checkout.bookkeeping import write_cancellation
from reservations.checkout.refunding import locked_payment, submit, try_to_cancel_intent
from reservations.errors import (
    NoSeats,
    PaymentIncomplete,
    ShowtimeStarted,
    StateMoved,
    StillDeciding,
    TicketUsed,
    UnknownSeats,
)
from reservations.models import Reservation, ReservedSeat, State


@dataclass(frozen=True)
class Cancelled:
    """What is left of the reservation, and what goes back for this act."""

    reservation: Reservation
    refund: Refund | None


def cancel(
    reservation: Reservation,
    seats: Sequence[str] | None = None,
    *,
    now: datetime,
    by: Actor,
    despite_cutoff: bool = False,
) -> Cancelled:
    """Cancel a hold (nothing was charged), or a sale before its cut-off, with a refund.

    With `seats`, labels, only these of a sale: their prices go back, and it goes on with the
    others; the last seats are the whole sale. Cancelling again changes nothing and answers the
    same refund. Raises ShowtimeStarted, TicketUsed; StillDeciding while the money is just being
    taken; for seats also NoSeats, UnknownSeats, PaymentIncomplete (of a hold: choose other seats
    instead).
    """
    claim_ids = None if seats is None else _named(reservation, seats)
    if reservation.state == State.PINNED:
        # Money is on its way: first find out whether it arrived.
        settlement.finish(reservation, now=now, by=by)
    cancelled = _cancel(reservation.pk, claim_ids, now=now, by=by, despite_cutoff=despite_cutoff)
    if cancelled.refund is not None:
        submit(cancelled.refund, now=now)
    else:
        try_to_cancel_intent(cancelled.reservation, now=now)
    return cancelled


def _named(reservation: Reservation, labels: Sequence[str]) -> set[int]:
    """The keys of the claims on these seats."""
    names = {label.strip().upper() for label in labels}
    if not names:
        raise NoSeats
    own = {claim.label: claim.pk for claim in reservation.seats.select_related("seat")}
    if unknown := sorted(names - set(own)):
        raise UnknownSeats(unknown)
    return {own[label] for label in names}


@rerun
def _cancel(
    reservation_id: int,
    claim_ids: Collection[int] | None,
    *,
    now: datetime,
    by: Actor,
    despite_cutoff: bool,
) -> Cancelled:
    reservation = locked(reservation_id)
    payment = locked_payment(reservation)
    if reservation.state == State.PINNED:
        raise StillDeciding
    leaving = _leaving(reservation, claim_ids)
    if leaving is None:
        if reservation.is_confirmed:
            _refuse_too_late(reservation, None, now=now, despite_cutoff=despite_cutoff)
            return _end_sale(reservation, payment, now=now, by=by)
        if reservation.state == State.HELD:
            end(reservation, State.CANCELLED, now=now, by=by)
        return Cancelled(reservation, _refund_of(payment))
    if not leaving:  # they left before: the same again
        left_before = ReservedSeat.objects.filter(reservation=reservation, pk__in=claim_ids or ())
        return Cancelled(reservation, _refund_of(payment, _key(reservation, left_before)))
    if not reservation.is_confirmed:
        raise PaymentIncomplete
    _refuse_too_late(reservation, leaving, now=now, despite_cutoff=despite_cutoff)
    return _return_seats(reservation, payment, leaving, now=now, by=by)


def _leaving(
    reservation: Reservation, claim_ids: Collection[int] | None
) -> Sequence[ReservedSeat] | None:
    """The claims that leave a reservation which goes on with others; None when no claim is left."""
    if claim_ids is None:
        return None
    live = list(ReservedSeat.objects.live().filter(reservation=reservation).select_related("seat"))
    leaving = [claim for claim in live if claim.pk in claim_ids]
    return leaving if len(leaving) < len(live) else None


def _end_sale(
    reservation: Reservation, payment: Payment | None, *, now: datetime, by: Actor
) -> Cancelled:
    end(reservation, State.CANCELLED, now=now, by=by)
    left, refund = payment.refundable if payment is not None else 0, None
    key = f"refund-{reservation.reference}"
    sold = ReservedSeat.objects.filter(reservation=reservation, returned_at=None)
    write_cancellation(reservation, payment, sold, key=key, now=now, by=by)
    if payment is not None and left > 0:
        refund = refunds.record(payment, left, reason="cancelled", key=key, now=now)
    promises.cancelled(reservation, refund, by=by, now=now)
    return Cancelled(reservation, refund)


def _return_seats(
    reservation: Reservation,
    payment: Payment | None,
    leaving: Sequence[ReservedSeat],
    *,
    now: datetime,
    by: Actor,
) -> Cancelled:
    price = sum(claim.price for claim in leaving)
    reservation.move(State.CONFIRMED, at=now, by=by, amount=reservation.amount - price)
    claims = ReservedSeat.objects.live().filter(pk__in=[claim.pk for claim in leaving])
    if claims.update(live=None, returned_at=now) != len(leaving):
        raise StateMoved("a seat of it was given back since it was locked")
    invalidate_after_commit(reservation.showtime_id)
    key, refund = _key(reservation, leaving), None
    given_back = ReservedSeat.objects.filter(pk__in=[claim.pk for claim in leaving])
    write_cancellation(reservation, payment, given_back, key=key, now=now, by=by)
    if payment is not None and price:
        refund = refunds.record(payment, price, reason="seats_returned", key=key, now=now)
    labels = ", ".join(claim.label for claim in leaving)
    promises.seats_returned(reservation, refund, key=key, seats=labels, now=now)
    return Cancelled(reservation, refund)


def _refuse_too_late(
    reservation: Reservation,
    leaving: Sequence[ReservedSeat] | None,
    *,
    now: datetime,
    despite_cutoff: bool,
) -> None:
    """Raises ShowtimeStarted, TicketUsed."""
    if despite_cutoff:
        return
    if not reservation.can_be_cancelled(now=now):
        raise ShowtimeStarted
    tickets = leaving if leaving is not None else reservation.seats.exclude(admitted_at=None)[:1]
    if any(claim.admitted_at is not None for claim in tickets):
        raise TicketUsed


def _refund_of(payment: Payment | None, key: str = "") -> Refund | None:
    """What was paid for the same act, or else the latest refund."""
    if payment is None:
        return None
    same = payment.refunds.filter(key=key).first() if key else None
    return same or payment.refunds.order_by("-pk").first()


def _key(reservation: Reservation, claims: Collection[ReservedSeat]) -> str:
    """The same for every set of tickets: a seat is given back once, so no other act has it."""
    tickets = " ".join(sorted(claim.ticket_id for claim in claims))
    return f"return-{reservation.reference}-{hashlib.sha256(tickets.encode()).hexdigest()[:24]}"
