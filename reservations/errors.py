"""What guests are told when a booking says no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moviereservation.web.general import NotFound
from moviereservation.web.refusals import Refusal
from payments.errors import StripeRefused


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


@dataclass(frozen=True, slots=True)
class Alternative:
    """All the seats to take instead, by label, and what to call that."""

    seats: list[str]
    words: str


class SeatingRefused(BookingRefused):
    """For the sake of others. `fixes` are never empty."""

    fixes: list[Alternative]

    @property
    def extra(self) -> dict[str, Any]:
        return {"alternatives": [fix.seats for fix in self.fixes]}


class LeavesSeatAlone(SeatingRefused):
    code = "leaves_seat_alone"
    words = ngettext_lazy(
        "That would leave seat %(seats)s alone, and hardly anybody wants a single seat.",
        "That would leave seats %(seats)s alone, and hardly anybody wants a single seat.",
        "count",
    )
    meaning = (
        "A single free seat would be left between seats that are gone. "
        "`leftAlone` says which; `alternatives` are the same party moved along. Only pages refuse."
    )

    def __init__(self, alone: Sequence[str], fixes: Sequence[Alternative]) -> None:
        self.alone, self.fixes = list(alone), list(fixes)
        super().__init__(seats=", ".join(alone), count=len(alone))

    @property
    def extra(self) -> dict[str, Any]:
        return super().extra | {"leftAlone": self.alone}


class CompanionAlone(SeatingRefused):
    code = "companion_alone"
    words = ngettext_lazy(
        "Seat %(seats)s is kept for whoever comes with a guest in a wheelchair.",
        "Seats %(seats)s are kept for those who come with a guest in a wheelchair.",
        "count",
    )
    meaning = (
        "A companion seat goes with the wheelchair space beside it. `alternatives` "
        "are both, or other seats. Only pages refuse."
    )

    def __init__(self, seats: Sequence[str], fixes: Sequence[Alternative]) -> None:
        self.fixes = list(fixes)
        super().__init__(seats=", ".join(seats), count=len(seats))


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


class SeatsLost(BookingRefused):
    """Money was authorised too late, or the booking was called off: the authorisation is let go."""

    code = "seats_lost"
    words = _("The seats went to somebody else. Nothing was charged.")
    meaning = (
        "The seats went to somebody else before the money came. The authorisation is "
        "let go and nothing was charged."
    )


class PaymentIncomplete(BookingRefused):
    code = "payment_incomplete"
    status = 402
    words = _("The payment is not complete yet.")
    meaning = "The guest has not paid yet. The seats stay held."


class PaymentFailed(BookingRefused, variant_of=StripeRefused):
    """The authorised money could not be had; the seats are free again."""

    words = _("The bank did not release the payment. Nothing was charged and the seats are free.")


class PaymentMismatch(BookingRefused):
    code = "payment_mismatch"
    words = _("This payment does not belong to these seats. Nothing was charged.")
    meaning = "The intent is not what was asked of Stripe. Nothing was charged."


class StillDeciding(BookingRefused):
    """Neither paid nor refused: it finishes by itself. 202 where a booking was asked for."""

    code = "payment_processing"
    status = 202
    words = _("The bank is still deciding. We keep your seats meanwhile.")
    meaning = "The bank is still deciding. It finishes by itself; ask again."


class ShowtimeStarted(BookingRefused):
    code = "showtime_started"
    words = _("It is too late to cancel: the showtime is about to start or has.")
    meaning = "It is too late to cancel."


class TicketUsed(BookingRefused):
    code = "ticket_used"
    words = _("A ticket of these was used at the door already.")
    meaning = "Somebody was let in with one of the tickets, so it cannot be cancelled."


class NotYours(BookingRefused):
    """The account is not the one that the hold was made for."""

    code = "log_in_needed"
    status = 403
    words = _("Log in to go on with these seats.")
    meaning = "The hold belongs to another account."


class StateMoved(Exception):
    """A compare-and-set found another state: somebody was first. Look again; not for guests."""


def _some(labels: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(str(label)[:12] for label in labels[:most])
    return f"{shown} …" if len(labels) > most else shown
