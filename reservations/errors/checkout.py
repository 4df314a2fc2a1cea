"""What guests are told when paying or cancelling says no."""

from django.utils.translation import gettext_lazy as _

from payments.errors import StripeRefused
from reservations.errors.holding import BookingRefused


class SeatsLost(BookingRefused):
    """Authorised too late, or for a cancelled booking: the authorisation is cancelled."""

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
    """Neither paid nor refused: the payment finishes by itself. 202 when a client wants to book."""

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
    """The hold was made for another account."""

    code = "log_in_needed"
    status = 403
    words = _("Log in to go on with these seats.")
    meaning = "The hold belongs to another account."
