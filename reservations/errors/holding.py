"""What guests are told when seats cannot be held, or a booking is not theirs."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moviereservation.web.general import NotFound
from moviereservation.web.refusals import Refusal


class BookingRefused(Refusal):
    status = 409


class BadSeats(BookingRefused):
    """The wish itself is wrong: nothing was looked up."""

    status = 400

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {"seats": [str(self)]}}


class NoSeats(BadSeats):
    code = "no_seats"
    words = _("Choose at least one seat.")
    meaning = "Ask for one seat at least."


class UnknownSeats(BadSeats):
    code = "unknown_seats"
    words = _("There is no such seat: %(seats)s.")
    meaning = "The auditorium has no such seat."

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(seats=_some(labels))


class DuplicateSeats(BadSeats):
    code = "duplicate_seats"
    words = _("Chosen more than once: %(seats)s.")
    meaning = "A seat was named more than once."

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(seats=_some(labels))


class BlockedSeats(BadSeats):
    code = "blocked_seats"
    words = _("Not for sale: %(seats)s.")
    meaning = "A seat is out of order."

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(seats=_some(labels))


class TooManySeats(BadSeats):
    code = "too_many_seats"
    words = ngettext_lazy(
        "You can book %(most)s seat at a time.", "You can book %(most)s seats at a time.", "most"
    )
    meaning = "More seats than can be booked at a time."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class TooManySeatsInAll(BookingRefused, variant_of=TooManySeats):
    """With what this guest has of the showtime already it would be more than one guest may have."""

    status = 409
    words = ngettext_lazy(
        "You can have %(most)s seat of a showtime, those booked before included.",
        "You can have %(most)s seats of a showtime, those booked before included.",
        "most",
    )

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class SeatsTaken(BookingRefused):
    """`taken` are labels; `alternatives` are groups of labels, free a moment ago, nearest first."""

    code = "seats_taken"
    words = _("%(seats)s just went to somebody else.")
    meaning = (
        "Somebody else has one of them. `taken` says which; `alternatives` are groups "
        "of seats that were free a moment ago, the nearest first."
    )

    def __init__(self, taken: Sequence[str], alternatives: Sequence[Sequence[str]] = ()) -> None:
        self.taken = list(taken)
        self.alternatives = [list(group) for group in alternatives]
        super().__init__(seats=_some(taken))

    @property
    def extra(self) -> dict[str, Any]:
        return {"taken": self.taken, "alternatives": self.alternatives}


class NotTogether(BookingRefused):
    """So many seats are not free any more."""

    code = "not_enough_seats"
    words = ngettext_lazy(
        "There is no free seat left.", "There are not %(wanted)s free seats left.", "wanted"
    )
    meaning = "So many seats are not free any more."

    def __init__(self, wanted: int) -> None:
        super().__init__(wanted=wanted)

    @property
    def extra(self) -> dict[str, Any]:
        return {"taken": [], "alternatives": []}


class SalesClosed(BookingRefused):
    code = "sales_closed"
    words = _("This showtime is not on sale any more.")
    meaning = "The showtime is cancelled, or has begun."


class UnknownShowtime(BookingRefused, variant_of=NotFound):
    words = _("There is no such showtime.")


class UnknownReservation(BookingRefused, variant_of=NotFound):
    """It does not exist, or it is somebody else's: nobody learns which."""

    words = _("There is no such reservation.")


class NothingFound(BookingRefused, variant_of=NotFound):
    """Neither reference nor e-mail is said to be the wrong one."""

    words = _("We know no booking with this reference and this e-mail.")


class HoldOver(BookingRefused):
    code = "hold_over"
    words = _("The seats are not held for you any more. Nothing was charged.")
    meaning = "The seats are not held any more. Nothing was charged."


class NoMoreTime(BookingRefused):
    code = "no_more_time"
    words = _("The time cannot be extended any further.")
    meaning = "The hold was extended as often as it can be."


class StateMoved(Exception):
    """A compare-and-set found another state: somebody was first. Look again; not for guests."""


def _some(labels: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(str(label)[:12] for label in labels[:most])
    return f"{shown} …" if len(labels) > most else shown
