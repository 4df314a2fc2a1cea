"""Some seats of a sale are given back, and it goes on with the others.

The locking law of `booking` holds: seats, then the reservation, then its payment. The seats are
free and the refund is promised in one transaction; Stripe is asked after it, and what it does not
answer housekeeping repeats.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from moviereservation.db.transactions import rerun
from payments import refunds
from payments.models import Payment, Refund
from reservations import booking, checkout
from reservations.checkout.refunding import locked_payment, submit
from reservations.checkout.settlement import Cancelled
from reservations.errors import NoSeats, PaymentIncomplete, StateMoved, StillDeciding, UnknownSeats
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating import occupancy
from reservations.tickets import emails


def cancel_seats(
    reservation: Reservation,
    labels: Sequence[str],
    *,
    now: datetime,
    by: str,
    despite_cutoff: bool = False,
) -> Cancelled:
    """Free these seats of a sale before its cut-off and pay their prices back.

    The last ones are an ordinary `checkout.cancel`. Seats that were given back before are no
    error: again is the same, with the same one refund. Raises NoSeats, UnknownSeats,
    PaymentIncomplete (choose other seats instead), ShowtimeStarted, TicketUsed, StillDeciding.
    """
    wanted = _named(reservation, labels)
    if reservation.state == State.PINNED:
        checkout.finish(reservation, now=now, by=by)
    given = _cancel_seats(reservation.pk, wanted, now=now, by=by, despite_cutoff=despite_cutoff)
    if given is None:
        return checkout.cancel(reservation, now=now, by=by, despite_cutoff=despite_cutoff)
    if given.refund is not None:
        submit(given.refund, now=now)
    return given


def _named(reservation: Reservation, labels: Sequence[str]) -> set[int]:
    """The keys of the claims on these seats."""
    wanted = {label.strip().upper() for label in labels}
    if not wanted:
        raise NoSeats
    own = {claim.label: claim.pk for claim in reservation.seats.select_related("seat")}
    if unknown := sorted(wanted - set(own)):
        raise UnknownSeats(unknown)
    return {own[label] for label in wanted}


@rerun
def _cancel_seats(
    reservation_id: int, wanted: Collection[int], *, now: datetime, by: str, despite_cutoff: bool
) -> Cancelled | None:
    """None, and nothing is changed, when no seat would be left."""
    reservation = booking.locked(reservation_id)
    payment = locked_payment(reservation)
    claims = ReservedSeat.objects.filter(reservation=reservation)
    live = list(claims.live().select_related("seat"))
    returning = [claim for claim in live if claim.pk in wanted]
    if len(returning) == len(live):  # also when it is cancelled already
        return None
    if reservation.state == State.PINNED:
        raise StillDeciding
    if reservation.state != State.CONFIRMED:
        raise PaymentIncomplete
    if not returning:
        asked = claims.filter(pk__in=wanted)
        return Cancelled(reservation, _refund_of(payment, _key(reservation, asked)))
    chosen = claims.filter(pk__in=[claim.pk for claim in returning])
    if not despite_cutoff:
        checkout.refuse_too_late(reservation, chosen, now=now)
    price = sum(claim.price for claim in returning)
    reservation.move(State.CONFIRMED, at=now, by=by, amount=reservation.amount - price)
    if chosen.live().update(live=None, returned_at=now) != len(returning):
        raise StateMoved("a seat of it was given back since it was locked")
    transaction.on_commit(lambda: occupancy.invalidate(reservation.showtime_id))
    key, promised = _key(reservation, returning), None
    if payment is not None and price:
        promised = refunds.record(payment, price, reason="seats_returned", key=key, now=now)
    seats = ", ".join(claim.label for claim in returning)
    emails.seats_returned(reservation, promised, key=key, seats=seats, now=now)
    return Cancelled(reservation, promised)


def _refund_of(payment: Payment | None, key: str) -> Refund | None:
    """What was paid for the same act; for one that was done in parts, the latest part's."""
    if payment is None:
        return None
    return payment.refunds.filter(key=key).first() or payment.refunds.order_by("-pk").first()


def _key(reservation: Reservation, claims: Collection[ReservedSeat]) -> str:
    """One for every set of tickets: a seat is given back once, so no other act has the same."""
    tickets = " ".join(sorted(claim.ticket_id for claim in claims))
    return f"return-{reservation.reference}-{hashlib.sha256(tickets.encode()).hexdigest()[:24]}"
