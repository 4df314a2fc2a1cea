"""Who gets a seat. This is where no two people can ever get the same seat.

The locking law, in short: seats first, in the order of their keys; then the reservation; then its
payment. Lock, look, write. Every change of state is a compare-and-set, every transaction is run
again as a whole when the database asks for it, and whatever all of that overlooks, the unique key
`a_seat_is_sold_once` refuses. docs/architecture.md tells the whole of it.

A hold is first looked at without any lock, so that most refusals cost a plain read. That look keeps
no seat: between it and the lock everything may change, and is looked at again (`_claim`).
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext_noop

from accounts.actors import Actor
from moviereservation.db import inserts
from moviereservation.db.batches import send
from moviereservation.db.transactions import rerun
from payments.models import Payment
from payments.tax import contained
from reservations.booking import statements
from reservations.booking.holder import Holder
from reservations.booking.looks import own_hold, precheck, seats_of, sellable, taken
from reservations.booking.offers import Offer
from reservations.booking.steps import (
    end,
    hold_ends,
    invalidate_after_commit,
    taken_after_lapsing,
)
from reservations.errors import (
    SeatsTaken,
    StateMoved,
    TooManySeatsInAll,
)
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating.wishes import Wish
from showtimes.models import price_in
from showtimes.seat_plan import PlanSeat, plan_at

PaymentFor = Callable[[Reservation], Payment]
LOOKS = 8
REPLACED = Actor.rule(gettext_noop("replaced by other seats"))


@dataclass(frozen=True, slots=True)
class Held:
    """A hold. `replaced` is the hold whose place it took.

    `seats` are its seats with their prices, for a hold that was just made; None for the same hold
    once more.
    """

    reservation: Reservation
    replaced: Reservation | None = None
    seats: tuple[tuple[PlanSeat, int], ...] | None = None


def hold(
    holder: Holder,
    showtime_id: int,
    wish: Wish,
    *,
    now: datetime,
    language: str = "",
    payment_for: PaymentFor | None = None,
) -> Held:
    """Keep seats for a holder for some minutes.

    Asked again with the same seats it is the same hold; with others it takes the old hold's place,
    and if that cannot be, the old hold stays. Who is about to pay names the record of that
    (`payment_for`), which is written with the hold, and the `language` of the tickets. Raises
    BookingRefused: UnknownShowtime, SalesClosed, BadSeats, TooManySeatsInAll, SeatsTaken (with what
    is free instead), NotTogether.
    """
    for look in range(LOOKS):
        offer = sellable(showtime_id, holder, wish, now=now)
        plan = plan_at(offer.auditorium_id, offer.plan_version)
        own = own_hold(offer)
        seats = wish.choose(plan, functools.partial(taken, offer, own, now=now), look=look)
        if own and own.is_held(now=now) and seats_of(own) == {seat.pk for seat in seats}:
            return Held(own)
        refuse_too_many(offer.standing + len(seats))
        try:
            if wish.may_be_taken:
                precheck(holder, offer, plan, seats, own, now=now)
            return _claim(
                holder, offer, seats, own, now=now, language=language, payment_for=payment_for
            )
        except (IntegrityError, StateMoved):
            # Somebody was faster, or this guest was, in another tab. Look again who it was.
            continue
    raise SeatsTaken([seat.label for seat in seats])


def refuse_too_many(seats: int) -> None:
    """Raises TooManySeatsInAll beyond what a guest may have of a showtime."""
    most = settings.SEATS_PER_GUEST_AND_SHOWTIME
    if seats > most:
        raise TooManySeatsInAll(most)


@rerun
def _claim(
    holder: Holder,
    offer: Offer,
    seats: Sequence[PlanSeat],
    own: Reservation | None,
    *,
    now: datetime,
    language: str,
    payment_for: PaymentFor | None,
) -> Held:
    """Lock, look, write."""
    seat_ids = {seat.pk for seat in seats}
    _locked, live = send(
        statements.lock(seat_ids | seats_of(own)), statements.live(offer.showtime_id, seat_ids)
    )
    if taken_after_lapsing(statements.claims_in(live.rows), except_for=own, now=now):
        raise StateMoved("a seat was taken since the precheck")
    held_until, extensions = hold_ends(now), 0
    if own is not None:
        held_until, extensions = _end_replaced(own, now=now)
    priced = tuple((seat, price_in(offer.prices, seat.kind)) for seat in seats)
    reservation = Reservation(
        **holder.key,
        showtime_id=offer.showtime_id,
        amount=sum(price for _seat, price in priced),
        currency=settings.CURRENCY,
        held_until=held_until,
        extensions=extensions,
        language=language,
        cancellable_until=_cancellable_until(offer.starts_at),
        created_at=now,
    )
    payment = payment_for(reservation) if payment_for is not None else None
    _write(reservation, offer, priced, payment)
    return Held(reservation, own, priced)


def _write(
    reservation: Reservation,
    offer: Offer,
    priced: Sequence[tuple[PlanSeat, int]],
    payment: Payment | None,
) -> None:
    """Raises IntegrityError: a seat is taken, or the showtime is not what it was."""
    rate = settings.TAX_RATE_BASIS_POINTS
    # In the order of the seats' keys, as they were locked.
    claims = [
        ReservedSeat(
            showtime_id=offer.showtime_id,
            seat_id=seat.pk,
            price=price,
            tax_rate=rate,
            tax=contained(price, rate),
        )
        for seat, price in sorted(priced, key=lambda pair: pair[0].pk)
    ]
    invalidate_after_commit(offer.showtime_id)
    *paying, held, _claims = send(
        *statements.hold_seats(reservation, offer, claims, payment), commit=True
    )
    inserts.is_inserted(reservation, held.key)
    if payment is not None:
        inserts.is_inserted(payment, paying[0].key)
        reservation.payment = payment


def _end_replaced(own: Reservation, *, now: datetime) -> tuple[datetime, int]:
    """End the old hold; until when the new hold lasts, and how often it was extended.

    Other seats are more time, too, and count as that: nobody keeps a seat for ever by choosing
    another seat beside it again and again.
    """
    own.refresh_from_db(fields=["state", "held_until", "extensions"])
    if own.state != State.HELD:
        raise StateMoved("the own hold was paid for or ended since the precheck")
    is_over, old_end = own.held_until <= now, own.held_until
    end(own, State.LAPSED if is_over else State.CANCELLED, now=now, by=REPLACED)
    if is_over:
        return hold_ends(now), 0
    if own.extensions >= settings.HOLD_EXTENSIONS:
        return old_end, own.extensions
    return hold_ends(now), own.extensions + 1


def _cancellable_until(starts_at: datetime) -> datetime:
    return starts_at - timedelta(minutes=settings.CANCELLATION_CUTOFF_MINUTES)
