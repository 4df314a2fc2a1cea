"""The locks of the locking law: seats in the order of their keys, then the reservation."""

from collections.abc import Collection

from moviereservation.db.batches import send
from reservations.booking import statements
from reservations.models import Reservation, ReservedSeat


def locked(reservation_id: int) -> Reservation:
    """A reservation with its seats locked before it, inside the caller's transaction."""
    lock_seats(seat_ids_of([reservation_id]))
    return Reservation.objects.select_for_update().get(pk=reservation_id)


def lock_seats(seat_ids: Collection[int]) -> None:
    """Always in key order: two who want the same seats wait in line and never for each other."""
    if seat_ids:
        send(statements.lock(seat_ids))


def seat_ids_of(reservation_ids: Collection[int]) -> list[int]:
    """The keys of the seats that these reservations have, or had when they ended."""
    kept = ReservedSeat.objects.filter(reservation_id__in=reservation_ids, returned_at=None)
    return list(kept.values_list("seat_id", flat=True))
