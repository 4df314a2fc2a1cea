"""Stripe's messages: each is stored, then handled, exactly once, in whatever order they come.

https://docs.stripe.com/webhooks#best-practices
"""

import logging
from datetime import datetime

from accounts.actors import Actor
from moviereservation.db import inserts
from moviereservation.db.batches import send
from payments import gateway, refunds, statements
from payments.errors import StripeUnavailable
from payments.models import Payment, Refund, WebhookEvent
from payments.signals import payment_changed

logger = logging.getLogger(__name__)


# After these a payment may be further than we know. The others only repeat what we did ourselves.
TELLING = (
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
)


def receive(body: bytes, signature: str, *, now: datetime) -> WebhookEvent:
    """Store a message and act on it. Raises BadSignature, and then nothing was written.

    Once it is stored Stripe can be thanked: what cannot be done right now, housekeeping does.
    """
    message = gateway.read_message(body, signature)
    event = WebhookEvent(
        event_id=message.id[:100],
        type=message.type[:80],
        intent_id=message.intent_id[:100],
        received_at=now,
        handled_at=None if message.intent_id and _is_news(message.type) else now,
    )
    (stored,) = send(inserts.insertion_if_new(event))
    if stored.changed:
        inserts.is_inserted(event, stored.key)
    else:  # repeated
        event = WebhookEvent.objects.get(event_id=event.event_id)
    if event.handled_at is None:
        try:
            handle(event, now=now)
        except StripeUnavailable:
            logger.warning("%s waits: Stripe does not answer", event)
        except Exception:
            logger.exception("%s could not be handled and waits for housekeeping", event)
    return event


def handle(event: WebhookEvent, *, now: datetime) -> None:
    """Let everybody who cares find out how the payment stands, then tick the message off."""
    payment = statements.payment_of(event.intent_id) if event.intent_id else None
    if payment is not None and event.type in TELLING:
        by = Actor.webhook(event.event_id)
        payment_changed.send(sender=Payment, payment=payment, now=now, by=by)
    if payment is not None and _is_of_a_refund(event.type):
        for refund in Refund.objects.filter(payment=payment).exclude(refund_id=None):
            refunds.submit(refund, now=now)
    send(statements.tick_off(event, now=now))


def _is_news(kind: str) -> bool:
    """Whether there is more to do about such a message than to keep it."""
    return kind in TELLING or _is_of_a_refund(kind)


def _is_of_a_refund(kind: str) -> bool:
    return "refund" in kind
