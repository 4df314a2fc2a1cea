"""Webhook signatures: https://docs.stripe.com/webhooks#verify-manually."""

import hashlib
import hmac


def signature(body: str, secret: str, at: int) -> str:
    """The value of the `Stripe-Signature` header for a body sent at this Unix time."""
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
