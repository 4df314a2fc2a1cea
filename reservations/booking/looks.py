"""What a hold looks at before any lock, so that most refusals cost a plain read.

A look keeps no seat: between it and the lock everything may change, and is looked at again.
"""

from collections.abc import Sequence
from datetime import datetime

from reservations.booking import statements
from reservations.booking.holder import Holder
from reservations.booking.offers import Offer
from reservations.errors import SalesClosed, SeatsTaken, StateMoved, UnknownShowtime
from reservations.models import Reservation, State
from reservations.seating import choice, occupancy
from reservations.seating.wishes import Wish
from showtimes.seat_plan import Plan, PlanSeat, plan_at

PLANS_SEEN = 1000
_plan_seen: dict[int, tuple[int, int]] = {}  # auditorium and version of its plan, by showtime


def sellable(showtime_id: int, holder: Holder, wish: Wish, *, now: datetime) -> Offer:
    """What the showtime offers this holder. Raises UnknownShowtime, SalesClosed."""
    offer = statements.offer(showtime_id, holder, _guess(showtime_id, wish))
    if offer is None:
        raise UnknownShowtime
    if len(_plan_seen) >= PLANS_SEEN:
        _plan_seen.clear()
    _plan_seen[showtime_id] = (offer.auditorium_id, offer.plan_version)
    if not offer.sells(now=now):
        raise SalesClosed
    return offer


def _guess(showtime_id: int, wish: Wish) -> list[int]:
    """The keys of the seats asked for, if the plan is still the same that this process saw last.

    So the showtime and the claims on its seats are read at once. A wrong guess costs a second look
    (`precheck`) and nothing else.
    """
    if showtime_id not in _plan_seen:
        return []
    return wish.guess(plan_at(*_plan_seen[showtime_id]))


def own_hold(offer: Offer) -> Reservation | None:
    """The holder's hold by the record, with its seats; its time may be over."""
    if offer.own_id is None:
        return None
    return statements.with_money("r.id = %s", offer.own_id)


def seats_of(own: Reservation | None) -> set[int]:
    return {claim.seat_id for claim in own.seats.all()} if own is not None else set()


def taken(offer: Offer, own: Reservation | None, *, now: datetime) -> set[int]:
    """What others have."""
    return set(occupancy.taken_seats(offer.showtime_id, now=now)) - seats_of(own)


def precheck(
    holder: Holder,
    offer: Offer,
    plan: Plan,
    seats: Sequence[PlanSeat],
    own: Reservation | None,
    *,
    now: datetime,
) -> None:
    """Refuse taken seats without a lock, and say what is free instead.

    Raises SeatsTaken; StateMoved when the taken seat is in a hold of this same guest.
    """
    seat_ids = {seat.pk for seat in seats}
    live = (
        offer.seen
        if offer.asked_for == seat_ids
        else statements.live_claims(offer.showtime_id, seat_ids)
    )
    others = [
        claim
        for claim in live
        if not claim.is_over(now=now) and (own is None or claim.reservation_id != own.pk)
    ]
    if any(claim.state == State.HELD and claim.owner in holder.key.values() for claim in others):
        raise StateMoved("the guest's own hold, made in another tab since the offer was read")
    if others:
        taken = {claim.seat_id for claim in others}
        known = occupancy.occupancy_of(offer.showtime_id, now=now).taken
        raise SeatsTaken(
            [seat.label for seat in seats if seat.pk in taken],
            choice.alternatives(plan, {*known, *taken}, seats),
        )
