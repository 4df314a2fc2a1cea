"""The steps of a reservation after it is held: pin, confirm, lapse, release.

Each locks seats before the reservation, moves by compare-and-set, and may be repeated. The two of
a sale that goes as sales go, `pin_in_time` and `confirm`, are one trip to the database each.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from moviereservation.db.batches import Statement, send
from moviereservation.db.transactions import rerun
from reservations.booking import statements
from reservations.booking.locking import locked, seat_ids_of
from reservations.booking.offers import Claim
from reservations.errors import SeatsLost, StateMoved
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


def pin_in_time(
    reservation: Reservation, *, now: datetime, by: Actor, along: Sequence[Statement] = ()
) -> bool:
    """Pin a hold that was read with its seats, and write `along` with it, if its time is not over.

    False, and nothing is written, for anything else: that is for `pin` to look at.
    """
    if reservation.state != State.HELD:
        return False
    try:
        _pin_in_time(reservation, now=now, by=by, along=along)
    except IntegrityError:
        return False
    reservation.state, reservation.holding = State.PINNED, None
    return True


def confirm(
    reservation: Reservation,
    *,
    now: datetime,
    by: Actor,
    along: Sequence[Statement] = (),
    acknowledged_at: datetime | None = None,
) -> Reservation:
    """Turn a pinned reservation, whose money was captured, into a sale; write `along` with it.

    With `acknowledged_at` whoever asked is told of it at once. Confirming twice is confirming once.
    Raises StateMoved.
    """
    try:
        _confirm(reservation, now=now, by=by, along=along, acknowledged_at=acknowledged_at)
    except IntegrityError:
        moved = statements.with_money("r.id = %s", reservation.pk)
        if moved is not None and moved.is_confirmed:
            return moved
        raise StateMoved(f"{reservation.reference} is not pinned any more") from None
    reservation.state, reservation.confirmed_at = State.CONFIRMED, now
    reservation.acknowledged_at = acknowledged_at
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
    live: Iterable[Claim], *, except_for: Reservation | None, now: datetime
) -> set[int]:
    """The locked seats that are taken, by the claims on them; holds whose time is over end."""
    taken, lapsed = set(), set()
    for claim in live:
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


@rerun
def _pin_in_time(
    reservation: Reservation, *, now: datetime, by: Actor, along: Sequence[Statement]
) -> None:
    send(
        statements.lock(sorted(claim.seat_id for claim in reservation.kept_seats)),
        statements.pin_in_time(reservation, now=now),
        statements.line_of_history(reservation, State.HELD, State.PINNED, at=now, by=by),
        *along,
        commit=True,
    )


@rerun
def _confirm(
    reservation: Reservation,
    *,
    now: datetime,
    by: Actor,
    along: Sequence[Statement],
    acknowledged_at: datetime | None,
) -> None:
    # No seat is locked: the claims of a pinned reservation stay as they are.
    invalidate_after_commit(reservation.showtime_id)
    send(
        statements.confirm_pinned(reservation, now=now, acknowledged_at=acknowledged_at),
        statements.line_of_history(reservation, State.PINNED, State.CONFIRMED, at=now, by=by),
        *along,
        commit=True,
    )


def _refuse_too_late(reservation: Reservation, showtime: Showtime, *, now: datetime) -> None:
    paid_back = reservation.payment is not None and reservation.payment.amount_refunded
    if paid_back or not showtime.sells(now=now):
        raise SeatsLost


def _reclaim(reservation: Reservation, *, now: datetime) -> None:
    """Take the same seats again for money that came a moment late. Raises SeatsLost."""
    seat_ids = seat_ids_of([reservation.pk])
    live = statements.live_claims(reservation.showtime_id, seat_ids)
    if taken_after_lapsing(live, except_for=reservation, now=now):
        raise SeatsLost
    try:
        with transaction.atomic():
            ReservedSeat.objects.filter(reservation=reservation).update(live=True)
    except IntegrityError:
        raise SeatsLost from None
    invalidate_after_commit(reservation.showtime_id)
