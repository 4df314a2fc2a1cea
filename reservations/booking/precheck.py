"""What a hold looks at before it locks anything, so that most refusals cost a plain read.

Nothing here keeps a seat: between this look and the lock everything may change, and is looked at
again (`booking._claim`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from reservations.booking import claims
from reservations.booking.claims import Offer
from reservations.booking.holder import Holder
from reservations.errors import (
    SalesClosed,
    SeatsTaken,
    StateMoved,
    TooManySeatsInAll,
    UnknownShowtime,
)
from reservations.models import Reservation, State
from reservations.seating import choice, occupancy
from showtimes.seat_plan import Plan, PlanSeat, plan_at

PLANS_SEEN = 1000
_plan_seen: dict[int, tuple[int, int]] = {}  # auditorium and version of its plan, by showtime


def sellable(
    showtime_id: int, holder: Holder, wish: Sequence[str] | int, *, now: datetime
) -> Offer:
    """What the showtime offers this holder. Raises UnknownShowtime, SalesClosed."""
    offer = claims.offer(showtime_id, holder, _guessed(showtime_id, wish))
    if offer is None:
        raise UnknownShowtime
    if len(_plan_seen) >= PLANS_SEEN:
        _plan_seen.clear()
    _plan_seen[showtime_id] = (offer.auditorium_id, offer.plan_version)
    if not offer.sells(now=now):
        raise SalesClosed
    return offer


def own_hold(offer: Offer) -> Reservation | None:
    """The holder's hold by the record, with its seats; its time may be over."""
    if offer.own_id is None:
        return None
    return Reservation.objects.prefetch_related("seats").filter(pk=offer.own_id).first()


def seats_of(own: Reservation | None) -> set[int]:
    return {claim.seat_id for claim in own.seats.all()} if own is not None else set()


def refuse_too_many(seats: int) -> None:
    most = settings.SEATS_PER_GUEST_AND_SHOWTIME
    if seats > most:
        raise TooManySeatsInAll(most)


def refuse_taken(
    holder: Holder,
    offer: Offer,
    plan: Plan,
    seats: Sequence[PlanSeat],
    own: Reservation | None,
    *,
    now: datetime,
) -> None:
    """The early answer: without a lock, and with what is free instead."""
    wanted = {seat.pk for seat in seats}
    live = offer.seen if offer.asked == wanted else claims.live(offer.showtime_id, wanted)
    others = [
        claim
        for claim in live
        if not claim.is_over(now=now) and (own is None or claim.reservation_id != own.pk)
    ]
    if any(claim.state == State.HELD and claim.owner in holder.key.values() for claim in others):
        raise StateMoved("the guest's own hold, made in another tab since the offer was read")
    if others:
        taken = {claim.seat_id for claim in others}
        gone = occupancy.occupancy_of(offer.showtime_id, now=now).taken
        raise SeatsTaken(
            [seat.label for seat in seats if seat.pk in taken],
            choice.alternatives(plan, {*gone, *taken}, seats),
        )


def _guessed(showtime_id: int, wish: Sequence[str] | int) -> list[int]:
    """The wanted seats if the showtime's plan is still the one that this process saw last.

    So the showtime and the claims on its seats are read at once. A wrong guess costs a second look
    (`refuse_taken`) and nothing else.
    """
    if isinstance(wish, int) or showtime_id not in _plan_seen:
        return []
    by_label = plan_at(*_plan_seen[showtime_id]).by_label
    wanted = (
        by_label.get(label.strip().upper()) for label in wish[: settings.SEATS_PER_RESERVATION]
    )
    return [seat.pk for seat in wanted if seat is not None]
