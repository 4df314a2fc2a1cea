"""Our record of a PaymentIntent, and the steps it goes through. Each step may be repeated."""

from dataclasses import dataclass
from datetime import datetime

from moviereservation.db.batches import Statement, send
from payments import gateway, statements
from payments.errors import StripeRefused
from payments.gateway import Intent
from payments.models import IntentStatus, Payment


@dataclass(frozen=True)
class Mismatch(Exception):
    """Stripe's intent differs from what we asked for."""

    what: str


def planned(*, payer_id: int, reference: str, amount: int, currency: str, now: datetime) -> Payment:
    """The unsaved record of an intent that Stripe has not been asked for yet."""
    return Payment(
        payer_id=payer_id, reference=reference, amount=amount, currency=currency, created_at=now
    )


def create(payment: Payment, *, now: datetime) -> None:
    """Create the PaymentIntent of a record at Stripe; again, it is the same.

    Raises StripeUnavailable: ask again. Nobody can pay the intent before its secret is handed out,
    and that happens after it is recorded. So an intent that a crash leaves unknown to us is
    harmless.
    """
    reference = payment.reference
    intent = gateway.create_intent(
        amount=payment.amount,
        currency=payment.currency,
        reference=reference,
        key=f"intent-{reference}",
    )
    (recorded,) = send(statements.record_intent(payment, intent, now=now))
    if not recorded.changed:  # another request of the same guest was faster
        payment.refresh_from_db()
        return
    payment.intent_id, payment.client_secret = intent.id, intent.client_secret
    payment.status, payment.livemode, payment.looked_at = intent.status, intent.livemode, now


def ask(payment: Payment) -> Intent:
    """What Stripe says now. Raises Mismatch if amount, currency, mode or reference differ."""
    intent = gateway.retrieve(payment.at_stripe)
    _agree(payment, intent)
    return intent


def capture(payment: Payment, *, now: datetime) -> Intent:
    """Take the authorised money, once however often this is called; the caller records it.

    Raises StripeRefused when the money cannot be had, StripeUnavailable when nobody knows.
    """
    try:
        return gateway.capture(payment.at_stripe)
    except StripeRefused:
        intent = gateway.retrieve(payment.at_stripe)
        if intent.status != IntentStatus.SUCCEEDED:  # somebody else captured it meanwhile
            record(payment, intent, now=now)
            raise
        return intent


def cancel(payment: Payment, *, now: datetime) -> bool:
    """Cancel the intent; True if it is cancelled now, False if it was captured already."""
    if payment.intent_id is None:  # Stripe never answered; nobody can pay what nobody knows
        unknown = Payment.objects.filter(pk=payment.pk, intent_id=None)
        if unknown.update(status=IntentStatus.CANCELED, looked_at=now):
            payment.status = IntentStatus.CANCELED
            return True
        payment.refresh_from_db()
    try:
        intent = gateway.cancel(payment.at_stripe)
    except StripeRefused:
        intent = gateway.retrieve(payment.at_stripe)
    record(payment, intent, now=now)
    return intent.status == IntentStatus.CANCELED


def recording(payment: Payment, intent: Intent, *, now: datetime) -> Statement:
    """The statement that records what Stripe said, for the transaction of what follows from it."""
    return statements.mirror(payment, intent, now=now)


def record(payment: Payment, intent: Intent, *, now: datetime) -> Payment:
    """Record what Stripe said. An answer that was overtaken never undoes a final status."""
    (mirrored,) = send(statements.mirror(payment, intent, now=now))
    if mirrored.changed:
        know(payment, intent, now=now)
    else:
        payment.refresh_from_db()
    return payment


def know(payment: Payment, intent: Intent, *, now: datetime) -> None:
    """Let our object say what was recorded."""
    payment.status, payment.amount_captured = intent.status, intent.amount_received
    payment.last_error, payment.looked_at = intent.last_error[:100], now


def _agree(payment: Payment, intent: Intent) -> None:
    if intent.amount != payment.amount:
        raise Mismatch("amount")
    if intent.currency != payment.currency:
        raise Mismatch("currency")
    if intent.reference != payment.reference:
        raise Mismatch("reference")
    if intent.livemode != payment.livemode:
        raise Mismatch("mode")
