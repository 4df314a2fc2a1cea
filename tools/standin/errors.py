"""Refusals in Stripe's shape: https://docs.stripe.com/api/errors and /error-codes."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


class StripeError(Exception):
    """An answer other than 200.

    `remember` tells whether the idempotency layer keeps the answer. As at Stripe, a request that
    failed its validation never began, so its key may be used again with better parameters.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        kind: str = "invalid_request_error",
        param: str | None = None,
        remember: bool = True,
        **more: Any,
    ):
        super().__init__(message)
        self.status = status
        self.remember = remember
        self.error: Json = {"type": kind, "message": message}
        optional = {"code": code, "param": param, **more}
        self.error |= {key: value for key, value in optional.items() if value is not None}
        if code:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"

    def body(self, seen: Callable[[Json], Json] = dict) -> Json:
        """As it goes over the wire. `seen` leaves of an intent what the caller may see."""
        intent = self.error.get("payment_intent")
        shown = {"payment_intent": seen(intent)} if intent else {}
        return {"error": self.error | shown}


def invalid(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    """A parameter that cannot be understood."""
    return StripeError(400, message, code=code, param=param, remember=False)


def missing(param: str) -> StripeError:
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def unknown(param: str) -> StripeError:
    return invalid(f"Received unknown parameter: {param}", param, "parameter_unknown")


def not_found(kind: str, identifier: str, param: str, status: int = 404) -> StripeError:
    return StripeError(
        status, f"No such {kind}: '{identifier}'", code="resource_missing", param=param
    )


def unexpected_state(intent: Json, message: str) -> StripeError:
    """The status of the intent forbids it. The intent comes along, as at Stripe."""
    return StripeError(
        400, message, code="payment_intent_unexpected_state", payment_intent=dict(intent)
    )


def too_large(message: str, param: str) -> StripeError:
    return StripeError(400, message, code="amount_too_large", param=param, remember=False)


def too_small(message: str, param: str) -> StripeError:
    return StripeError(400, message, code="amount_too_small", param=param, remember=False)


def unauthorized(message: str) -> StripeError:
    return StripeError(401, message, remember=False)
