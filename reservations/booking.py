"""Who gets a seat. This is where no two people can ever get the same one.

The locking law, in short: seats first, in the order of their keys; then the reservation; then its
payment. Lock, look, write. Every change of state is a compare-and-set, every transaction is run
again as a whole when the database asks for it, and whatever all of that overlooks, the unique key
`a_seat_is_sold_once` refuses. docs/architecture.md tells the whole of it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_noop

from reservations import occupancy, seat_choice
from reservations.errors import (
    HoldOver,
    NoMoreTime,
    SalesClosed,
    SeatsLost,
    SeatsTaken,
    StateMoved,
    UnknownReservation,
    UnknownShowtime,
)
from reservations.holders import Holder
from reservations.models import Reservation, ReservedSeat, State
from reservations.transactions import rerun
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.seat_plan import PlanSeat, plan_of

LOOKS = 8
REPLACED = gettext_noop("replaced by other seats")


def hold(
    holder: Holder, showtime_id: int, labels: Sequence[str] | int, *, now: datetime
) -> Reservation:
    """Keep seats for a holder for some minutes: these labels, or the best so many together.

    Asked again with the same seats it is the same hold; with others it takes the old one's place,
    and if that cannot be, the old one stays. Raises BookingRefused: UnknownShowtime, SalesClosed,
    BadSeats, SeatsTaken (with what is free instead), NotTogether.
    """
    for look in range(LOOKS):
        showtime = _sellable(showtime_id, holder, now=now)
        own = _own_hold(showtime)
        seats = seat_choice.wanted_seats(showtime, labels, ignoring=own, look=look, now=now)
        if own and own.is_held(now=now) and own.seat_ids == {seat.pk for seat in seats}:  # type: ignore[attr-defined]
            return own
        try:
            _refuse_taken(showtime, seats, own, now=now)
            return _claim(holder, showtime, seats, own, now=now)
        except (IntegrityError, StateMoved):
            # Somebody was faster, or this guest was, in another tab. Look again who it was.
            continue
        except SeatsTaken:
            if not isinstance(labels, int):  # who wants any two can have the next two
                raise
    raise SeatsTaken([seat.label for seat in seats])


@rerun
def pin(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Make the claims outlast the hold, because money is authorised for them.

    A hold whose time is over is still pinned while nobody has taken the seats; one that has lapsed
    takes them again if they are free. Raises SeatsLost. Pinning twice is pinning once.
    """
    reservation = locked(reservation_id)
    if reservation.state in (State.PINNED, State.CONFIRMED):
        return reservation
    showtime = Showtime.objects.only("state", "starts_at").get(pk=reservation.showtime_id)
    if reservation.state == State.CANCELLED or showtime.state == ShowtimeState.CANCELLED:
        raise SeatsLost
    if reservation.state == State.LAPSED:
        _reclaim(reservation, showtime, now=now)
    reservation.move(State.PINNED, at=now, by=by)
    return reservation


@rerun
def confirm(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Turn a pinned reservation, whose money was captured, into a sale."""
    reservation = locked(reservation_id)
    if not reservation.is_confirmed:
        reservation.move(State.CONFIRMED, at=now, by=by, confirmed_at=now)
        _forget_after_commit(reservation.showtime_id)
    return reservation


@rerun
def lapse(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Tidy up a hold whose time is over; anything else stays as it is."""
    reservation = locked(reservation_id)
    if reservation.state == State.HELD and reservation.held_until <= now:
        let_go(reservation, State.LAPSED, now=now, by=by)
    return reservation


@rerun
def give_up(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Release what is not sold. Giving up twice is giving up once."""
    reservation = locked(reservation_id)
    if reservation.state in (State.HELD, State.PINNED):
        let_go(reservation, State.CANCELLED, now=now, by=by)
    return reservation


@rerun
def adopt(visitor: str, reference: str, guest_id: int, *, now: datetime) -> Reservation:
    """Let a guest who has logged in on the way take over the hold of their browser.

    A hold that they had for the same showtime makes room. Raises UnknownReservation.
    """
    reservation = Reservation.objects.filter(
        visitor=visitor, guest=None, reference=reference
    ).first()
    if reservation is None:
        raise UnknownReservation
    older = Reservation.objects.filter(
        guest_id=guest_id, showtime=reservation.showtime_id, holding=True
    ).exclude(pk=reservation.pk)
    ids = [reservation.pk, *older.values_list("pk", flat=True)]
    _lock_seats(_seat_ids(ids))
    for replaced in older.select_for_update():
        let_go(replaced, State.CANCELLED, now=now, by=REPLACED)
    Reservation.objects.filter(pk=reservation.pk, guest=None).update(
        guest_id=guest_id, visitor=None
    )
    reservation.refresh_from_db()
    return reservation


def more_time(reservation: Reservation, *, now: datetime) -> Reservation:
    """Let the hold begin anew, as often as WCAG asks for. Raises HoldOver, NoMoreTime."""
    if not reservation.is_held(now=now):
        raise HoldOver
    if reservation.extensions >= settings.HOLD_EXTENSIONS:
        raise NoMoreTime
    # A second click in the same moment finds another count, and gives no second extension.
    Reservation.objects.holds(now=now).filter(
        pk=reservation.pk, extensions=reservation.extensions
    ).update(extensions=reservation.extensions + 1, held_until=_hold_ends(now))
    reservation.refresh_from_db()
    return reservation


def locked(reservation_id: int) -> Reservation:
    """A reservation with its seats locked before it, inside the caller's transaction."""
    _lock_seats(_seat_ids([reservation_id]))
    return Reservation.objects.select_for_update().get(pk=reservation_id)


def let_go(reservation: Reservation, to: State, *, now: datetime, by: str) -> None:
    """End a locked reservation and free its seats, inside the caller's transaction."""
    reservation.move(to, at=now, by=by)
    ReservedSeat.objects.filter(reservation=reservation, live=True).update(live=None)
    _forget_after_commit(reservation.showtime_id)


def _sellable(showtime_id: int, holder: Holder, *, now: datetime) -> Showtime:
    """The showtime, with `own_id`: the key of this holder's hold for it, if there is one."""
    mine = {f"reservations__{column}": value for column, value in holder.key.items()}
    own = FilteredRelation("reservations", condition=Q(reservations__holding=True, **mine))
    showtimes = Showtime.objects.public().with_auditorium().annotate(own=own, own_id=F("own__pk"))
    showtime = showtimes.filter(pk=showtime_id).first()
    if showtime is None:
        raise UnknownShowtime
    if not showtime.sells(now=now):
        raise SalesClosed
    return showtime


def _own_hold(showtime: Showtime) -> Reservation | None:
    """The holder's hold by the record, with `seat_ids`; its time may be over."""
    own_id: int | None = showtime.own_id  # type: ignore[attr-defined]
    if own_id is None:
        return None
    own = Reservation.objects.get(pk=own_id)
    own.seat_ids = set(_seat_ids([own_id]))  # type: ignore[attr-defined]
    return own


def _refuse_taken(
    showtime: Showtime, seats: Sequence[PlanSeat], own: Reservation | None, *, now: datetime
) -> None:
    """The early answer: without a lock, and with what is free instead."""
    claims = ReservedSeat.objects.effective(now=now).filter(
        showtime=showtime, seat_id__in=[seat.pk for seat in seats]
    )
    if own is not None:
        claims = claims.exclude(reservation=own)
    if taken := set(claims.values_list("seat_id", flat=True)):
        raise SeatsTaken(
            [seat.label for seat in seats if seat.pk in taken],
            seat_choice.alternatives(
                plan_of(showtime.auditorium), occupancy.taken_seats(showtime.pk, now=now), seats
            ),
        )


@rerun
def _claim(
    holder: Holder,
    showtime: Showtime,
    seats: Sequence[PlanSeat],
    own: Reservation | None,
    *,
    now: datetime,
) -> Reservation:
    """Lock, look, write."""
    wanted = {seat.pk for seat in seats}
    _lock_seats(wanted | (own.seat_ids if own else set()))  # type: ignore[attr-defined]
    if _free_of_lapsed(showtime.pk, wanted, except_for=own, now=now):
        raise StateMoved("a wanted seat was taken since the early look")
    if own is not None:
        own.refresh_from_db()
        if own.state == State.HELD:
            over = own.held_until <= now
            let_go(own, State.LAPSED if over else State.CANCELLED, now=now, by=REPLACED)
    prices = {seat.pk: showtime.price_of(seat.kind) for seat in seats}
    reservation = Reservation.objects.create(
        **holder.key,
        showtime=showtime,
        amount=sum(prices.values()),
        currency=settings.CURRENCY,
        held_until=_hold_ends(now),
        cancellable_until=_cancellable_until(showtime),
        created_at=now,
    )
    # In the order of the seats' keys, as they were locked.
    ReservedSeat.objects.bulk_create(
        ReservedSeat(reservation=reservation, showtime=showtime, seat_id=pk, price=prices[pk])
        for pk in sorted(prices)
    )
    _forget_after_commit(showtime.pk)
    return reservation


def _reclaim(reservation: Reservation, showtime: Showtime, *, now: datetime) -> None:
    """Take the same seats again for money that came a moment late. Raises SeatsLost."""
    if not showtime.sells(now=now):
        raise SeatsLost
    seat_ids = set(_seat_ids([reservation.pk]))
    if _free_of_lapsed(reservation.showtime_id, seat_ids, except_for=reservation, now=now):
        raise SeatsLost
    try:
        with transaction.atomic():
            ReservedSeat.objects.filter(reservation=reservation).update(live=True)
    except IntegrityError:
        raise SeatsLost from None
    _forget_after_commit(reservation.showtime_id)


def _free_of_lapsed(
    showtime_id: int,
    seat_ids: Collection[int],
    *,
    except_for: Reservation | None,
    now: datetime,
) -> set[int]:
    """The locked seats that are taken; holds on them whose time is over are let go."""
    claims = (
        ReservedSeat.objects.live()
        .filter(showtime_id=showtime_id, seat_id__in=seat_ids)
        .select_related("reservation")
    )
    taken, lapsed = set(), {}
    for claim in claims:
        if except_for is not None and claim.reservation_id == except_for.pk:
            continue
        if claim.reservation.state == State.HELD and claim.reservation.held_until <= now:
            lapsed[claim.reservation_id] = claim.reservation
        else:
            taken.add(claim.seat_id)
    if not taken:
        for reservation_id in sorted(lapsed):
            let_go(lapsed[reservation_id], State.LAPSED, now=now, by="time over")
    return taken


def _lock_seats(seat_ids: Iterable[int]) -> None:
    """Always in key order: two who want the same seats wait in line and never for each other."""
    list(
        Seat.objects.select_for_update()
        .filter(pk__in=seat_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _seat_ids(reservation_ids: Collection[int]) -> list[int]:
    return list(
        ReservedSeat.objects.filter(reservation_id__in=reservation_ids).values_list(
            "seat_id", flat=True
        )
    )


def _forget_after_commit(showtime_id: int) -> None:
    transaction.on_commit(lambda: occupancy.forget(showtime_id))


def _hold_ends(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.HOLD_MINUTES)


def _cancellable_until(showtime: Showtime) -> datetime:
    return showtime.starts_at - timedelta(minutes=settings.CANCELLATION_CUTOFF_MINUTES)
