"""Who calls: a server with the secret key, or a browser with the publishable one."""

import base64
import binascii
import hmac
from typing import Any

from .calls import Call
from .errors import StripeError, invalid, unauthorized
from .settings import Settings

NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header,"
    " as 'Bearer YOUR_SECRET_KEY' or as the user name of Basic auth."
)


def is_public(header: str, key_field: str | None, settings: Settings) -> bool:
    """True for the publishable key, false for the secret key, StripeError 401 for anything else."""
    key = key_of(header) or key_field or ""
    if not key:
        raise unauthorized(NO_KEY)
    if same(key, settings.secret_key):
        return False
    if same(key, settings.publishable_key):
        return True
    raise unauthorized(f"Invalid API Key provided: {masked(key)}")


def prove(intent: dict[str, Any], call: Call) -> None:
    """A browser has to show the client secret of the intent it speaks of."""
    if not same(call.fields.text("client_secret") or "", intent["client_secret"]):
        raise invalid(
            "The client_secret provided does not match the client_secret of this PaymentIntent.",
            "client_secret",
            "payment_intent_invalid_parameter",
        )


def secret_only() -> StripeError:
    return StripeError(
        403,
        "This API call cannot be made with a publishable API key. Please use a secret API key.",
        code="secret_key_required",
        remember=False,
    )


def key_of(header: str) -> str:
    """The key in `Bearer …`, or the user name in `Basic …`."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def masked(key: str) -> str:
    """`sk_test_****abcd`: enough to find the mistake, not enough to use."""
    return f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:] if len(key) > 12 else ''}"
