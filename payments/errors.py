"""What guests are told when money says no. Stripe's own words stay inside."""

from typing import Any

from django.utils.translation import gettext as _


class PaymentRefused(Exception):
    """A refusal with a sentence for the guest, a stable `code` and an HTTP status."""

    code = "payment_refused"
    status = 402

    @property
    def extra(self) -> dict[str, Any]:
        return {}


class StripeUnavailable(PaymentRefused):
    """Stripe did not answer, or not in a way that tells what happened: ask again later."""

    code = "payment_unavailable"
    status = 503
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(_("The payment service does not answer just now. Nothing was charged."))


class StripeRefused(PaymentRefused):
    """Stripe understood and said no. `reason` is Stripe's code, for us and not for guests."""

    code = "payment_failed"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(_("The payment could not be completed. Nothing was charged."))


class BadSignature(PaymentRefused):
    code = "bad_signature"
    status = 400

    def __init__(self) -> None:
        super().__init__(_("This was not signed by Stripe."))
