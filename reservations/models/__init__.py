"""Who sits where. A `ReservedSeat` is the claim on a seat, and the database lets only one live."""

from reservations.models.history import StateChange
from reservations.models.identifiers import ALPHABET, new_reference, new_ticket_id
from reservations.models.reservation import Reservation, ReservationQuerySet
from reservations.models.seats import ReservedSeat, ReservedSeatQuerySet
from reservations.models.states import CLAIMING, ENDED, STEPS, State

__all__ = [
    "ALPHABET",
    "CLAIMING",
    "ENDED",
    "STEPS",
    "Reservation",
    "ReservationQuerySet",
    "ReservedSeat",
    "ReservedSeatQuerySet",
    "State",
    "StateChange",
    "new_reference",
    "new_ticket_id",
]
