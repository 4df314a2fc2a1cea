"""The steps of a reservation after it is held: pin, confirm, lapse, release.

Each locks seats before the reservation, moves by compare-and-set, and may be repeated.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from moviereservation.db.transactions import rerun
from reservations import promises
from reservations.booking import claims
from reservations.booking.locking import locked, seat_ids_of
from reservations.errors import SeatsLost
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating import occupancy
from showtimes.models import Showtime, ShowtimeState

TIME_OVER = Actor.rule("time over")


@rerun
def pin(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Make the claims outlast the hold, because money is authorised for them.

    A hold whose time is over is still pinned while nobody has taken the seats; one that has lapsed
    takes them again if they are free. Neither once the showtime has begun or the money has gone
    back. Raises SeatsLost. Pinning twice is pinning once.
    """
    reservation = locked(reservation_id)
    if reservation.state in (State.PINNED, State.CONFIRMED):
        return reservation
    showtime = Showtime.objects.only("state", "starts_at").get(pk=reservation.showtime_id)
    if reservation.state == State.CANCELLED or showtime.state == ShowtimeState.CANCELLED:
        raise SeatsLost
    if not reservation.is_held(now=now):
        _refuse_too_late(reservation, showtime, now=now)
    if reservation.state == State.LAPSED:
        _reclaim(reservation, now=now)
    reservation.move(State.PINNED, at=now, by=by)
    return reservation


@rerun
def confirm(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Turn a pinned reservation, whose money was captured, into a sale."""
    reservation = locked(reservation_id)
    if not reservation.is_confirmed:
        reservation.move(State.CONFIRMED, at=now, by=by, confirmed_at=now)
        promises.booked(reservation, now=now)
        invalidate_after_commit(reservation.showtime_id)
    return reservation


@rerun
def lapse(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Tidy up a hold whose time is over; anything else stays as it is."""
    reservation = locked(reservation_id)
    if reservation.state == State.HELD and reservation.held_until <= now:
        end(reservation, State.LAPSED, now=now, by=by)
    return reservation


@rerun
def release(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Release what is not sold. Releasing twice is releasing once."""
    reservation = locked(reservation_id)
    if reservation.state in (State.HELD, State.PINNED):
        end(reservation, State.CANCELLED, now=now, by=by)
    return reservation


def end(reservation: Reservation, to: State, *, now: datetime, by: Actor) -> None:
    """End a locked reservation and free its seats, inside the caller's transaction."""
    reservation.move(to, at=now, by=by)
    ReservedSeat.objects.filter(reservation=reservation, live=True).update(live=None)
    invalidate_after_commit(reservation.showtime_id)


def taken_after_lapsing(
    showtime_id: int,
    seat_ids: Collection[int],
    *,
    except_for: Reservation | None,
    now: datetime,
) -> set[int]:
    """The locked seats that are taken; holds on them whose time is over end."""
    taken, lapsed = set(), set()
    for claim in claims.live(showtime_id, seat_ids):
        if except_for is not None and claim.reservation_id == except_for.pk:
            continue
        if claim.is_over(now=now):
            lapsed.add(claim.reservation_id)
        else:
            taken.add(claim.seat_id)
    if lapsed and not taken:
        for reservation in Reservation.objects.filter(pk__in=lapsed).order_by("pk"):
            end(reservation, State.LAPSED, now=now, by=TIME_OVER)
    return taken


def hold_ends(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.HOLD_MINUTES)


def invalidate_after_commit(showtime_id: int) -> None:
    transaction.on_commit(lambda: occupancy.invalidate(showtime_id))


def _refuse_too_late(reservation: Reservation, showtime: Showtime, *, now: datetime) -> None:
    paid_back = reservation.payment is not None and reservation.payment.amount_refunded
    if paid_back or not showtime.sells(now=now):
        raise SeatsLost


def _reclaim(reservation: Reservation, *, now: datetime) -> None:
    """Take the same seats again for money that came a moment late. Raises SeatsLost."""
    seat_ids = set(seat_ids_of([reservation.pk]))
    if taken_after_lapsing(reservation.showtime_id, seat_ids, except_for=reservation, now=now):
        raise SeatsLost
    try:
        with transaction.atomic():
            ReservedSeat.objects.filter(reservation=reservation).update(live=True)
    except IntegrityError:
        raise SeatsLost from None
    invalidate_after_commit(reservation.showtime_id)
