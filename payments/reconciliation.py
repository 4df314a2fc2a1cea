"""Stripe's books held against ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from payments import gateway
from payments.gateway import Intent
from payments.models import FINAL, IntentStatus, Payment

A_MINUTE = timedelta(minutes=1)


def differences(*, since: datetime) -> Iterator[str]:
    """A sentence for everything since then that Stripe and we do not agree on.

    Intents that are still open may be a moment ahead of us; money is compared to the cent.
    """
    seen = set()
    for intent in gateway.intents_since(since):
        seen.add(intent.id)
        payment = Payment.objects.filter(intent_id=intent.id).first()
        if payment is None:
            if intent.amount_received:
                yield f"{intent.id}: Stripe captured {intent.amount_received}, we know of nothing"
            continue
        if any(_between(intent, payment)):
            # The list is a moment old, and the box office is open meanwhile: look again.
            intent = gateway.retrieve(intent.id)
            payment.refresh_from_db()
            yield from _between(intent, payment)
    # A minute later, because Stripe's clock is not ours.
    ours = Payment.objects.filter(created_at__gt=since + A_MINUTE, amount_captured__gt=0)
    for payment in ours.iterator():
        if payment.intent_id not in seen:
            yield (
                f"{payment.reference}: we wrote {payment.amount_captured} captured, "
                f"Stripe knows of nothing"
            )


def _between(intent: Intent, payment: Payment) -> Iterator[str]:
    if intent.amount_received != payment.amount_captured:
        yield (
            f"{payment.reference}: Stripe captured {intent.amount_received}, "
            f"we wrote {payment.amount_captured}"
        )
    if intent.status != payment.status and {intent.status, payment.status} & set(FINAL):
        yield f"{payment.reference}: Stripe says {intent.status}, we wrote {payment.status}"
    if intent.status == IntentStatus.SUCCEEDED:
        paid_back = gateway.refunded(intent.id)
        if paid_back != payment.amount_refunded:
            yield (
                f"{payment.reference}: Stripe paid back {paid_back}, "
                f"we promised {payment.amount_refunded}"
            )
