"""Our record of a PaymentIntent, and the steps it goes through. Each step may be repeated."""

from dataclasses import dataclass
from datetime import datetime

from moviereservation.db import inserts
from payments import gateway
from payments.errors import StripeRefused
from payments.gateway import Intent
from payments.models import FINAL, IntentStatus, Payment


@dataclass(frozen=True)
class Mismatch(Exception):
    """Stripe's intent differs from what we asked for."""

    what: str


def create(*, reference: str, amount: int, currency: str) -> Intent:
    """Create a PaymentIntent at Stripe; again, it is the same. Raises StripeUnavailable: ask again.

    Nobody can pay it before its secret is handed out, and that happens after `record`. So an
    intent that a crash leaves unknown to us is harmless.
    """
    return gateway.create_intent(
        amount=amount, currency=currency, reference=reference, key=f"intent-{reference}"
    )


def record(intent: Intent, *, payer_id: int, now: datetime) -> Payment:
    """Our record of a new intent. IntegrityError: another request was faster with it."""
    payment = Payment(
        payer_id=payer_id,
        reference=intent.reference,
        amount=intent.amount,
        currency=intent.currency,
        intent_id=intent.id,
        client_secret=intent.client_secret,
        status=intent.status,
        livemode=intent.livemode,
        created_at=now,
        looked_at=now,
    )
    inserts.insert(payment)
    return payment


def refresh(payment: Payment, *, now: datetime) -> Intent:
    """What Stripe says now. Raises Mismatch if amount, currency, mode or reference differ."""
    intent = gateway.retrieve(payment.intent_id)
    _agree(payment, intent)
    _mirror(payment, intent, now=now)
    return intent


def capture(payment: Payment, *, now: datetime) -> Intent:
    """Take the authorised money, once however often this is called.

    Raises StripeRefused when the money cannot be had, StripeUnavailable when nobody knows.
    """
    try:
        intent = gateway.capture(payment.intent_id)
    except StripeRefused:
        intent = gateway.retrieve(payment.intent_id)
        if intent.status != IntentStatus.SUCCEEDED:  # somebody else captured it meanwhile
            _mirror(payment, intent, now=now)
            raise
    _mirror(payment, intent, now=now)
    return intent


def cancel(payment: Payment, *, now: datetime) -> bool:
    """Cancel the intent; True if it is cancelled now, False if it was captured already."""
    try:
        intent = gateway.cancel(payment.intent_id)
    except StripeRefused:
        intent = gateway.retrieve(payment.intent_id)
    _mirror(payment, intent, now=now)
    return intent.status == IntentStatus.CANCELED


def _agree(payment: Payment, intent: Intent) -> None:
    if intent.amount != payment.amount:
        raise Mismatch("amount")
    if intent.currency != payment.currency:
        raise Mismatch("currency")
    if intent.reference != payment.reference:
        raise Mismatch("reference")
    if intent.livemode != payment.livemode:
        raise Mismatch("mode")


def _mirror(payment: Payment, intent: Intent, *, now: datetime) -> Payment:
    """Mirror what Stripe said. An answer that was overtaken never undoes a final status."""
    fields = {
        "status": intent.status,
        "amount_captured": intent.amount_received,
        "last_error": intent.last_error[:100],
        "looked_at": now,
    }
    changed = Payment.objects.filter(pk=payment.pk)
    if intent.status not in FINAL:
        changed = changed.exclude(status__in=FINAL)
    if changed.update(**fields):
        for name, value in fields.items():
            setattr(payment, name, value)
    else:
        payment.refresh_from_db()
    return payment
