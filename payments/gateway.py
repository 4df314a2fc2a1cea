"""The only place that talks to Stripe.

Every call is bounded in time, carries an idempotency key where it changes something, and answers
in one of three ways: with what Stripe said, with StripeRefused (Stripe said no), or with
StripeUnavailable (nobody knows; ask again with the same key).
"""

import functools
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import stripe
from django.conf import settings

from payments.errors import BadSignature, StripeRefused, StripeUnavailable
from payments.stripe_transport import StripeTransport

# Stripe's SDK repeats a call that got no answer, with the same idempotency key.
NETWORK_RETRIES = 1
INTENTS = "/v1/payment_intents"
REFUNDS = "/v1/refunds"
# It would look at the machine before each call, and keep a file in the home folder.
stripe.enable_telemetry = False

Json = dict[str, Any]


@dataclass(frozen=True)
class Intent:
    """What Stripe says of a PaymentIntent, as far as we look at it. Amounts in minor units."""

    id: str
    client_secret: str
    status: str
    amount: int
    amount_received: int
    currency: str
    livemode: bool
    reference: str
    last_error: str


@dataclass(frozen=True)
class StripeRefund:
    id: str
    status: str
    failure_reason: str


@dataclass(frozen=True)
class Message:
    """A webhook event: its id and type, and the intent that it is about ("" for others)."""

    id: str
    type: str
    intent_id: str


def create_intent(*, amount: int, currency: str, reference: str, key: str) -> Intent:
    """An intent to be authorised by the guest and captured by us once the seats are pinned.

    Stripe repeats to a key what it once answered, a 500 too, for a day. Only then another key is
    used: an intent that the first key may have made is known to nobody and cannot be paid.
    """
    params: Any = {
        "amount": amount,
        "currency": currency,
        "capture_method": "manual",
        "automatic_payment_methods": {"enabled": True},
        "metadata": {"reference": reference},
    }
    with _translated_errors() as client:
        try:
            return _intent(_asked(client, "post", INTENTS, idempotency_key=key, **params))
        except stripe.APIError as error:
            if not _is_repeated(error):
                raise
            other = f"{key}-{secrets.token_hex(8)}"
            return _intent(_asked(client, "post", INTENTS, idempotency_key=other, **params))


def retrieve(intent_id: str) -> Intent:
    with _translated_errors() as client:
        return _intent(_asked(client, "get", _path(INTENTS, intent_id)))


def capture(intent_id: str) -> Intent:
    """Take the authorised money. Raises StripeRefused when there is none to take (any more).

    An intent is captured once whatever we send, so a lasting idempotency key would protect from
    nothing, and Stripe would repeat a 500 to it for a day. The SDK makes a key for its own retries.
    """
    with _translated_errors() as client:
        return _intent(_asked(client, "post", f"{_path(INTENTS, intent_id)}/capture"))


def cancel(intent_id: str) -> Intent:
    """Cancel an intent that was not captured; an authorisation falls back to the guest."""
    with _translated_errors() as client:
        return _intent(_asked(client, "post", f"{_path(INTENTS, intent_id)}/cancel"))


def refund(intent_id: str, *, amount: int, key: str, attempt: int = 1) -> StripeRefund:
    """Pay back. The first attempts share one idempotency key.

    Stripe repeats to a key what it once answered, a 500 too. So a later attempt first looks whether
    the refund was made, and only if it was not asks with a new key.
    """
    patience = 3
    if attempt > patience:
        if made := refund_with_key(intent_id, key):
            return made
        idempotency_key = f"{key}-{attempt}"
    else:
        idempotency_key = key
    form = {"payment_intent": intent_id, "amount": amount, "metadata": {"key": key}}
    with _translated_errors() as client:
        return _refund(_asked(client, "post", REFUNDS, idempotency_key=idempotency_key, **form))


def refund_with_key(intent_id: str, key: str) -> StripeRefund | None:
    """The refund that was made with this key, if the call that made it reached Stripe."""
    with _translated_errors() as client:
        for refund in _listed(client, REFUNDS, payment_intent=intent_id):
            if (refund["metadata"] or {}).get("key") == key:
                return _refund(refund)
    return None


def refunded(intent_id: str) -> int:
    """What Stripe has paid back, or is about to, of an intent; minor units."""
    with _translated_errors() as client:
        return sum(
            refund["amount"]
            for refund in _listed(client, REFUNDS, payment_intent=intent_id)
            if refund["status"] not in ("failed", "canceled")
        )


def intents_since(moment: datetime) -> Iterator[Intent]:
    """Every intent that was made since then, the newest first."""
    with _translated_errors() as client:
        for intent in _listed(client, INTENTS, created={"gte": int(moment.timestamp())}):
            yield _intent(intent)


def retrieve_refund(refund_id: str) -> StripeRefund:
    with _translated_errors() as client:
        return _refund(_asked(client, "get", _path(REFUNDS, refund_id)))


def read_message(body: bytes, signature: str) -> Message:
    """A webhook event whose signature over the raw body is right. Raises BadSignature."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(
            text, signature, settings.STRIPE_WEBHOOK_SECRET, stripe.Webhook.DEFAULT_TOLERANCE
        )
        event = json.loads(text)
        if event["object"] != "event":  # such as the thin events of another API of Stripe's
            raise BadSignature
        subject = event["data"]["object"]
        is_intent = subject.get("object") == "payment_intent"
        intent_id = subject["id"] if is_intent else subject.get("payment_intent")
        return Message(str(event["id"]), str(event["type"]), str(intent_id or ""))
    except (ValueError, RecursionError, stripe.SignatureVerificationError) as error:
        raise BadSignature from error
    except (KeyError, TypeError, AttributeError) as error:  # signed, and no event all the same
        raise BadSignature from error


@contextmanager
def _translated_errors() -> Iterator[stripe.StripeClient]:
    try:
        yield _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise StripeRefused(error.code or type(error).__name__) from error
    except stripe.StripeError as error:
        # No connection, a time-out, 5xx, 429, a key that Stripe does not know, an idempotency key
        # that is in use: none of them tells what became of the call.
        raise StripeUnavailable from error


def _is_repeated(error: stripe.APIError) -> bool:
    """Whether Stripe only repeats an earlier answer to the same key."""
    return (error.headers or {}).get("idempotent-replayed") == "true"


@functools.cache
def _client(key: str, base: str) -> stripe.StripeClient:
    addresses: Any = {"base_addresses": {"api": base}} if base else {}
    return stripe.StripeClient(
        key,
        max_network_retries=NETWORK_RETRIES,
        http_client=StripeTransport(timeout=settings.STRIPE_TIMEOUT_SECONDS),
        **addresses,
    )


def _asked(client: stripe.StripeClient, method: str, path: str, **params: Any) -> Json:
    """Stripe's answer as it is: making the SDK's objects of it costs as much as the call."""
    answer = client.raw_request(method, path, **params).data
    if not isinstance(answer, dict):
        raise stripe.APIError(f"No object: {type(answer).__name__}")
    return answer


def _listed(client: stripe.StripeClient, path: str, **params: Any) -> Iterator[Json]:
    page = _asked(client, "get", path, limit=100, **params)
    yield from page["data"]
    while page["has_more"]:
        last = page["data"][-1]["id"]
        page = _asked(client, "get", path, limit=100, starting_after=last, **params)
        yield from page["data"]


def _path(resource: str, key: str) -> str:
    return f"{resource}/{quote(key, safe='')}"


def _intent(intent: Json) -> Intent:
    error = intent["last_payment_error"] or {}
    return Intent(
        id=intent["id"],
        client_secret=intent["client_secret"] or "",
        status=intent["status"],
        amount=intent["amount"],
        amount_received=intent["amount_received"],
        currency=intent["currency"],
        livemode=intent["livemode"],
        reference=intent["metadata"].get("reference", ""),
        last_error=error.get("decline_code") or error.get("code") or "",
    )


def _refund(refund: Json) -> StripeRefund:
    return StripeRefund(
        refund["id"], refund["status"] or "pending", refund.get("failure_reason") or ""
    )
