"""Stripe's books held against ours."""

from collections.abc import Iterator
from datetime import datetime

from payments import gateway
from payments.models import FINAL, IntentStatus, Payment


def differences(*, since: datetime) -> Iterator[str]:
    """A sentence for everything since then that Stripe and we do not agree on.

    Intents that are still open may be a moment ahead of us; money is compared to the cent.
    """
    for intent in gateway.intents_since(since):
        payment = Payment.objects.filter(intent_id=intent.id).first()
        if payment is None:
            if intent.amount_received:
                yield f"{intent.id}: Stripe captured {intent.amount_received}, we know of nothing"
            continue
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
