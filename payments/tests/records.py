"""Payments at the stand-in, for tests that need no seats."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.cast import alice
from payments import intents
from payments.models import Payment
from tools.standin.process import Running


def owe(*, reference: str = "REFERENCE1", amount: int = 2400, payer: User | None = None) -> Payment:
    """An intent that waits for a card, and our record of it."""
    intent = intents.create(reference=reference, amount=amount, currency="usd")
    return intents.record(intent, payer_id=(payer or alice()).pk, now=timezone.now())


def authorised(stripe: Running, **wanted: object) -> Payment:
    payment = owe(**wanted)  # type: ignore[arg-type]
    stripe.confirm(payment.intent_id)
    return payment


def captured(stripe: Running, **wanted: object) -> Payment:
    payment = authorised(stripe, **wanted)
    intents.capture(payment, now=timezone.now())
    return payment
