"""Our record of a PaymentIntent, and the steps it goes through. Each step may be repeated."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from payments import gateway
from payments.errors import StripeRefused
from payments.gateway import Intent
from payments.models import FINAL, IntentStatus, Payment


@dataclass(frozen=True)
class Mismatch(Exception):
    """Stripe's intent is not the one that we asked for."""

    what: str


def owe(*, payer: User, reference: str, amount: int, currency: str, now: datetime) -> Payment:
    """Write down what is to be paid, before Stripe hears of it. Asked again, the same row."""
    try:
        with transaction.atomic():
            return Payment.objects.create(
                payer=payer,
                reference=reference,
                amount=amount,
                currency=currency,
                idempotency_key=f"intent-{reference}",
                created_at=now,
            )
    except IntegrityError:
        return Payment.objects.get(reference=reference)


def ensure_intent(payment: Payment, *, now: datetime) -> Payment:
    """The payment with its intent at Stripe. Raises StripeUnavailable; then ask again."""
    if payment.intent_id is not None:
        return payment
    intent = gateway.create_intent(
        amount=payment.amount,
        currency=payment.currency,
        reference=payment.reference,
        key=payment.idempotency_key,
    )
    return _record(payment, intent, now=now)


def look(payment: Payment, *, now: datetime) -> Intent:
    """What Stripe says now. Raises Mismatch if amount, currency, mode or reference differ."""
    if payment.intent_id is None:
        ensure_intent(payment, now=now)
    intent = gateway.retrieve(str(payment.intent_id))
    _agree(payment, intent)
    _record(payment, intent, now=now)
    return intent


def capture(payment: Payment, *, now: datetime) -> Intent:
    """Take the authorised money, once however often this is called.

    Raises StripeRefused when the money cannot be had, StripeUnavailable when nobody knows.
    """
    try:
        intent = gateway.capture(str(payment.intent_id))
    except StripeRefused:
        intent = gateway.retrieve(str(payment.intent_id))
        if intent.status != IntentStatus.SUCCEEDED:  # somebody else captured it meanwhile
            _record(payment, intent, now=now)
            raise
    _record(payment, intent, now=now)
    return intent


def cancel(payment: Payment, *, now: datetime) -> bool:
    """Let the intent go; True if it is cancelled now, False if it was captured already."""
    if payment.intent_id is None:
        # The call that made it may have reached Stripe without its answer reaching us.
        ensure_intent(payment, now=now)
    try:
        intent = gateway.cancel(str(payment.intent_id))
    except StripeRefused:
        intent = gateway.retrieve(str(payment.intent_id))
    _record(payment, intent, now=now)
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


def _record(payment: Payment, intent: Intent, *, now: datetime) -> Payment:
    """Mirror what Stripe said. An answer that was overtaken never undoes a final status."""
    fields = {
        "intent_id": intent.id,
        "client_secret": intent.client_secret,
        "status": intent.status,
        "amount_captured": intent.amount_received,
        "last_error": intent.last_error[:100],
        "looked_at": now,
    }
    if payment.intent_id is None:
        fields["livemode"] = intent.livemode
    changed = Payment.objects.filter(pk=payment.pk)
    if intent.status not in FINAL:
        changed = changed.exclude(status__in=FINAL)
    if changed.update(**fields):
        for name, value in fields.items():
            setattr(payment, name, value)
    else:
        payment.refresh_from_db()
    return payment
