"""What guests are told when a booking says no."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class BookingRefused(Exception):
    """A refusal with a sentence for the guest, a stable `code` and an HTTP status."""

    code = "booking_refused"
    status = 409

    @property
    def extra(self) -> dict[str, Any]:
        return {}


class BadSeats(BookingRefused):
    """The wish itself is wrong: nothing was looked up."""

    status = 400

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {"seats": [str(self)]}}


class NoSeats(BadSeats):
    code = "no_seats"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one seat."))


class UnknownSeats(BadSeats):
    code = "unknown_seats"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(_("There is no such seat: %(seats)s.") % {"seats": _some(labels)})


class DuplicateSeats(BadSeats):
    code = "duplicate_seats"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(_("Chosen more than once: %(seats)s.") % {"seats": _some(labels)})


class BlockedSeats(BadSeats):
    code = "blocked_seats"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(_("Not for sale: %(seats)s.") % {"seats": _some(labels)})


class TooManySeats(BadSeats):
    code = "too_many_seats"

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "You can book %(most)s seat at a time.",
                "You can book %(most)s seats at a time.",
                most,
            )
            % {"most": most}
        )


class TooManySeatsInAll(BookingRefused):
    """With what this guest has of the showtime already it would be more than one guest may have."""

    code = "too_many_seats"

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "You can have %(most)s seat of a showtime, those booked before included.",
                "You can have %(most)s seats of a showtime, those booked before included.",
                most,
            )
            % {"most": most}
        )


class SeatsTaken(BookingRefused):
    """`taken` are labels; `alternatives` are groups of labels, free a moment ago, nearest first."""

    code = "seats_taken"

    def __init__(self, taken: Sequence[str], alternatives: Sequence[Sequence[str]] = ()) -> None:
        self.taken = list(taken)
        self.alternatives = [list(group) for group in alternatives]
        super().__init__(_("%(seats)s just went to somebody else.") % {"seats": _some(taken)})

    @property
    def extra(self) -> dict[str, Any]:
        return {"taken": self.taken, "alternatives": self.alternatives}


class NotTogether(BookingRefused):
    """So many seats are not free any more."""

    code = "not_enough_seats"

    def __init__(self, wanted: int) -> None:
        super().__init__(
            ngettext(
                "There is no free seat left.", "There are not %(wanted)s free seats left.", wanted
            )
            % {"wanted": wanted}
        )

    @property
    def extra(self) -> dict[str, Any]:
        return {"taken": [], "alternatives": []}


class SalesClosed(BookingRefused):
    code = "sales_closed"

    def __init__(self) -> None:
        super().__init__(_("This showtime is not on sale any more."))


class UnknownShowtime(BookingRefused):
    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("There is no such showtime."))


class UnknownReservation(BookingRefused):
    """It does not exist, or it is somebody else's: nobody learns which."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("There is no such reservation."))


class NothingFound(BookingRefused):
    """Neither reference nor e-mail is said to be the wrong one."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("We know no booking with this reference and this e-mail."))


class HoldOver(BookingRefused):
    code = "hold_over"

    def __init__(self) -> None:
        super().__init__(_("The seats are not held for you any more. Nothing was charged."))


class NoMoreTime(BookingRefused):
    code = "no_more_time"

    def __init__(self) -> None:
        super().__init__(_("The time cannot be extended any further."))


class SeatsLost(BookingRefused):
    """Money was authorised too late, or the booking was called off: the authorisation is let go."""

    code = "seats_lost"

    def __init__(self) -> None:
        super().__init__(_("The seats went to somebody else. Nothing was charged."))


class PaymentIncomplete(BookingRefused):
    code = "payment_incomplete"
    status = 402

    def __init__(self) -> None:
        super().__init__(_("The payment is not complete yet."))


class PaymentFailed(BookingRefused):
    """The authorised money could not be had; the seats are free again."""

    code = "payment_failed"
    status = 402

    def __init__(self) -> None:
        super().__init__(
            _("The bank did not release the payment. Nothing was charged and the seats are free.")
        )


class PaymentMismatch(BookingRefused):
    code = "payment_mismatch"

    def __init__(self) -> None:
        super().__init__(_("This payment does not belong to these seats. Nothing was charged."))


class StillDeciding(BookingRefused):
    """Neither paid nor refused: it finishes by itself. 202 where a booking was asked for."""

    code = "payment_processing"
    status = 202

    def __init__(self) -> None:
        super().__init__(_("The bank is still deciding. We keep your seats meanwhile."))


class ShowtimeStarted(BookingRefused):
    code = "showtime_started"

    def __init__(self) -> None:
        super().__init__(_("It is too late to cancel: the showtime is about to start or has."))


class TicketUsed(BookingRefused):
    code = "ticket_used"

    def __init__(self) -> None:
        super().__init__(_("A ticket of these was used at the door already."))


class NotYours(BookingRefused):
    """The account is not the one that the hold was made for."""

    code = "log_in_needed"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Log in to go on with these seats."))


class StateMoved(Exception):
    """A compare-and-set found another state: somebody was first. Look again; not for guests."""


def _some(labels: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(str(label)[:12] for label in labels[:most])
    return f"{shown} …" if len(labels) > most else shown
