"""Who gets a seat. This is where no two people can ever get the same one.

The locking law, in short: seats first, in the order of their keys; then the reservation; then its
payment. Lock, look, write. Every change of state is a compare-and-set, every transaction is run
again as a whole when the database asks for it, and whatever all of that overlooks, the unique key
`a_seat_is_sold_once` refuses. docs/architecture.md tells the whole of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from moviereservation.db.transactions import rerun
from reservations.booking import claims, precheck
from reservations.booking.claims import Offer
from reservations.booking.holder import Holder
from reservations.errors import SeatsLost, SeatsTaken, StateMoved
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating import choice, occupancy
from reservations.tickets import emails
from showtimes.models import Showtime, ShowtimeState, price_in
from showtimes.seat_plan import PlanSeat, plan_at

LOOKS = 8
REPLACED = gettext_noop("replaced by other seats")


def hold(
    holder: Holder, showtime_id: int, wish: Sequence[str] | int, *, now: datetime
) -> Reservation:
    """Keep seats for a holder for some minutes: these labels, or the best so many together.

    Asked again with the same seats it is the same hold; with others it takes the old one's place,
    and if that cannot be, the old one stays. Raises BookingRefused: UnknownShowtime, SalesClosed,
    BadSeats, TooManySeatsInAll, SeatsTaken (with what is free instead), NotTogether.
    """
    for look in range(LOOKS):
        offer = precheck.sellable(showtime_id, holder, wish, now=now)
        plan = plan_at(offer.auditorium_id, offer.plan_version)
        own = precheck.own_hold(offer)
        if isinstance(wish, int):
            taken = set(occupancy.taken_seats(showtime_id, now=now)) - precheck.seats_of(own)
            seats = choice.best(plan, taken, wish, look=look)
        else:
            seats = choice.named(plan, wish)
        if own and own.is_held(now=now) and precheck.seats_of(own) == {seat.pk for seat in seats}:
            return own
        precheck.refuse_too_many(offer.standing + len(seats))
        try:
            if not isinstance(wish, int):  # the best were chosen from what is free
                precheck.refuse_taken(holder, offer, plan, seats, own, now=now)
            return _claim(holder, offer, seats, own, now=now)
        except (IntegrityError, StateMoved):
            # Somebody was faster, or this guest was, in another tab. Look again who it was.
            continue
    raise SeatsTaken([seat.label for seat in seats])


@rerun
def pin(reservation_id: int, *, now: datetime, by: str) -> Reservation:
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
def confirm(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Turn a pinned reservation, whose money was captured, into a sale."""
    reservation = locked(reservation_id)
    if not reservation.is_confirmed:
        reservation.move(State.CONFIRMED, at=now, by=by, confirmed_at=now)
        emails.booked(reservation, now=now)
        _forget_after_commit(reservation.showtime_id)
    return reservation


@rerun
def lapse(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Tidy up a hold whose time is over; anything else stays as it is."""
    reservation = locked(reservation_id)
    if reservation.state == State.HELD and reservation.held_until <= now:
        end(reservation, State.LAPSED, now=now, by=by)
    return reservation


@rerun
def release(reservation_id: int, *, now: datetime, by: str) -> Reservation:
    """Release what is not sold. Giving up twice is giving up once."""
    reservation = locked(reservation_id)
    if reservation.state in (State.HELD, State.PINNED):
        end(reservation, State.CANCELLED, now=now, by=by)
    return reservation


def locked(reservation_id: int) -> Reservation:
    """A reservation with its seats locked before it, inside the caller's transaction."""
    lock_seats(seat_ids_of([reservation_id]))
    return Reservation.objects.select_for_update().get(pk=reservation_id)


def end(reservation: Reservation, to: State, *, now: datetime, by: str) -> None:
    """End a locked reservation and free its seats, inside the caller's transaction."""
    reservation.move(to, at=now, by=by)
    ReservedSeat.objects.filter(reservation=reservation, live=True).update(live=None)
    _forget_after_commit(reservation.showtime_id)


@rerun
def _claim(
    holder: Holder,
    offer: Offer,
    seats: Sequence[PlanSeat],
    own: Reservation | None,
    *,
    now: datetime,
) -> Reservation:
    """Lock, look, write."""
    wanted = {seat.pk for seat in seats}
    lock_seats(wanted | precheck.seats_of(own))
    if _taken_after_lapsing(offer.showtime_id, wanted, except_for=own, now=now):
        raise StateMoved("a wanted seat was taken since the early look")
    held_until, extensions = _hold_ends(now), 0
    if own is not None:
        held_until, extensions = _end_replaced(own, now=now)
    # In the order of the seats' keys, as they were locked.
    prices = sorted((seat.pk, price_in(offer.prices, seat.kind)) for seat in seats)
    reservation = Reservation(
        **holder.key,
        showtime_id=offer.showtime_id,
        amount=sum(price for _seat, price in prices),
        currency=settings.CURRENCY,
        held_until=held_until,
        extensions=extensions,
        cancellable_until=_cancellable_until(offer.starts_at),
        created_at=now,
    )
    if not claims.write_hold(reservation, offer):
        raise StateMoved("the showtime is not what it was at the early look")
    claims.write_claims(reservation, prices)
    reservation.replaces = own
    reservation.chosen = [(seat, price_in(offer.prices, seat.kind)) for seat in seats]
    _forget_after_commit(offer.showtime_id)
    return reservation


def _end_replaced(own: Reservation, *, now: datetime) -> tuple[datetime, int]:
    """End the old hold; until when the new one lasts, and how often it was extended.

    Other seats are more time, too, and count as that: nobody keeps a seat for ever by choosing
    another one beside it again and again.
    """
    own.refresh_from_db(fields=["state", "held_until", "extensions"])
    if own.state != State.HELD:
        raise StateMoved("the own hold was paid for or ended since the early look")
    is_over, old_end = own.held_until <= now, own.held_until
    end(own, State.LAPSED if is_over else State.CANCELLED, now=now, by=REPLACED)
    if is_over:
        return _hold_ends(now), 0
    if own.extensions >= settings.HOLD_EXTENSIONS:
        return old_end, own.extensions
    return _hold_ends(now), own.extensions + 1


def _refuse_too_late(reservation: Reservation, showtime: Showtime, *, now: datetime) -> None:
    paid_back = reservation.payment is not None and reservation.payment.amount_refunded
    if paid_back or not showtime.sells(now=now):
        raise SeatsLost


def _reclaim(reservation: Reservation, *, now: datetime) -> None:
    """Take the same seats again for money that came a moment late. Raises SeatsLost."""
    seat_ids = set(seat_ids_of([reservation.pk]))
    if _taken_after_lapsing(reservation.showtime_id, seat_ids, except_for=reservation, now=now):
        raise SeatsLost
    try:
        with transaction.atomic():
            ReservedSeat.objects.filter(reservation=reservation).update(live=True)
    except IntegrityError:
        raise SeatsLost from None
    _forget_after_commit(reservation.showtime_id)


def _taken_after_lapsing(
    showtime_id: int,
    seat_ids: Collection[int],
    *,
    except_for: Reservation | None,
    now: datetime,
) -> set[int]:
    """The locked seats that are taken; holds on them whose time is over are let go."""
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
            end(reservation, State.LAPSED, now=now, by="time over")
    return taken


def lock_seats(seat_ids: Collection[int]) -> None:
    """Always in key order: two who want the same seats wait in line and never for each other."""
    claims.lock(seat_ids)


def seat_ids_of(reservation_ids: Collection[int]) -> list[int]:
    return list(
        ReservedSeat.objects.filter(
            reservation_id__in=reservation_ids, returned_at=None
        ).values_list("seat_id", flat=True)
    )


def _forget_after_commit(showtime_id: int) -> None:
    transaction.on_commit(lambda: occupancy.invalidate(showtime_id))


def _hold_ends(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.HOLD_MINUTES)


def _cancellable_until(starts_at: datetime) -> datetime:
    return starts_at - timedelta(minutes=settings.CANCELLATION_CUTOFF_MINUTES)
