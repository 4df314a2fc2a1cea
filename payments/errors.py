"""What guests are told when money says no. Stripe's own words stay inside."""

from django.utils.translation import gettext_lazy as _

from moviereservation.web.refusals import Refusal


class PaymentRefused(Refusal):
    status = 402


class StripeUnavailable(PaymentRefused):
    """Stripe did not answer, or not in a way that tells what happened: ask again later."""

    code = "payment_unavailable"
    status = 503
    retry_after = 5
    words = _("The payment service does not answer just now. Nothing was charged.")
    meaning = (
        "Stripe does not answer. Seats that are held stay held; ask again after "
        "`Retry-After` seconds."
    )


class StripeRefused(PaymentRefused):
    """Stripe understood and said no. `reason` is Stripe's code, for us and not for guests."""

    code = "payment_failed"
    words = _("The payment could not be completed. Nothing was charged.")
    meaning = "The bank keeps the money back. Nothing was charged, the seats are free."

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class BadSignature(PaymentRefused):
    code = "bad_signature"
    status = 400
    words = _("This was not signed by Stripe.")
    meaning = "Stripe did not sign this. Nothing was written."
