"""Seats that were held before anybody logged in become those of the guest who does."""

from datetime import datetime

from django.db import IntegrityError

from accounts.models import User
from moviereservation.db.transactions import rerun
from reservations.booking.holding import LOOKS, REPLACED, refuse_too_many
from reservations.booking.locking import lock_seats, seat_ids_of
from reservations.booking.steps import end
from reservations.errors import UnknownReservation
from reservations.models import Reservation, State


def own_or_merged(guest: User, reference: str, *, visitor: str, now: datetime) -> Reservation:
    """A guest's reservation; what their browser held before they logged in becomes theirs.

    With everything that a page shows of it. Raises UnknownReservation, TooManySeatsInAll.
    """
    own = guest.reservations.shown_to_guests()
    reservation = own.filter(reference=reference).first()
    if reservation is not None:
        return reservation
    merge(visitor, reference, guest.pk, now=now)
    return own.get(reference=reference)


def merge(visitor: str, reference: str, guest_id: int, *, now: datetime) -> Reservation:
    """Let a guest who has logged in on the way take over the hold of their browser.

    A hold that they had for the same showtime makes room. Raises UnknownReservation,
    TooManySeatsInAll.
    """
    for _look in range(LOOKS):
        try:
            return _merge(visitor, reference, guest_id, now=now)
        except IntegrityError:  # they held other seats just now, in another tab
            continue
    raise UnknownReservation


@rerun
def _merge(visitor: str, reference: str, guest_id: int, *, now: datetime) -> Reservation:
    unclaimed = Reservation.objects.filter(visitor=visitor, guest=None, reference=reference)
    unlocked = unclaimed.only("pk", "showtime_id").first()
    if unlocked is None:
        raise UnknownReservation
    own = Reservation.objects.filter(guest_id=guest_id, showtime=unlocked.showtime_id)
    older = own.filter(holding=True)
    lock_seats(seat_ids_of([unlocked.pk, *older.values_list("pk", flat=True)]))
    reservation = unclaimed.select_for_update().first()
    if reservation is None:
        raise UnknownReservation
    if reservation.state == State.HELD:
        standing = own.filter(state__in=(State.PINNED, State.CONFIRMED))
        refuse_too_many(len(seat_ids_of([reservation.pk, *standing.values_list("pk", flat=True)])))
        for replaced in older.select_for_update():
            end(replaced, State.CANCELLED, now=now, by=REPLACED)
    unclaimed.update(guest_id=guest_id, visitor=None)
    return Reservation.objects.get(pk=reservation.pk)
