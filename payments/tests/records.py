"""Payments at the stand-in, for tests that need no seats."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.cast import alice
from payments import intents
from payments.gateway import Intent
from payments.models import Payment
from tools.standin.process import Running


def owe(*, reference: str = "REFERENCE1", amount: int = 2400, payer: User | None = None) -> Payment:
    """An intent that waits for a card, and our record of it."""
    payment = planned(reference=reference, amount=amount, payer=payer)
    intents.create(payment, now=timezone.now())
    return payment


def planned(*, reference: str, amount: int = 2400, payer: User | None = None) -> Payment:
    """A record for which Stripe was not asked for an intent yet."""
    payer_id, now = (payer or alice()).pk, timezone.now()
    payment = intents.planned(
        payer_id=payer_id, reference=reference, amount=amount, currency="usd", now=now
    )
    payment.save()
    return payment


def look(payment: Payment) -> Intent:
    """Ask Stripe, and record what it says."""
    intent = intents.ask(payment)
    intents.record(payment, intent, now=timezone.now())
    return intent


def capture(payment: Payment) -> Intent:
    intent = intents.capture(payment, now=timezone.now())
    intents.record(payment, intent, now=timezone.now())
    return intent


def authorised(stripe: Running, **wanted: object) -> Payment:
    payment = owe(**wanted)  # type: ignore[arg-type]
    stripe.confirm(payment.intent_id)
    return payment


def captured(stripe: Running, **wanted: object) -> Payment:
    payment = authorised(stripe, **wanted)
    capture(payment)
    return payment
