"""Paying back: promised in the transaction that cancels, paid at Stripe after it."""

import logging
from datetime import datetime

from django.db.models import F

from payments import gateway
from payments.errors import StripeRefused
from payments.models import Payment, Refund, RefundStatus

logger = logging.getLogger(__name__)


def promise(payment: Payment, amount: int, *, reason: str, key: str, now: datetime) -> Refund:
    """A refund that will be paid. Belongs into the transaction of what causes it."""
    return Refund.objects.create(
        payment=payment, amount=amount, reason=reason, key=key, created_at=now, tried_at=now
    )


def pay(refund: Refund, *, now: datetime) -> Refund:
    """Send a promised refund to Stripe, or look how one is doing that was sent.

    Asked again it is the same refund, by its key. Raises StripeUnavailable; then ask again.
    """
    Refund.objects.filter(pk=refund.pk).update(tried_at=now, attempts=F("attempts") + 1)
    refund.refresh_from_db()
    try:
        if refund.refund_id:
            told = gateway.retrieve_refund(refund.refund_id)
        else:
            told = gateway.refund(
                str(refund.payment.intent_id),
                amount=refund.amount,
                key=refund.key,
                attempt=refund.attempts,
            )
    except StripeRefused as refused:
        logger.error("Stripe refused refund %s: %s", refund.key, refused.reason)
        Refund.objects.filter(pk=refund.pk, status=RefundStatus.DUE).update(
            status=RefundStatus.FAILED, failure_reason=refused.reason[:100]
        )
    else:
        Refund.objects.filter(pk=refund.pk).update(
            refund_id=told.id, status=told.status, failure_reason=told.failure_reason[:100]
        )
    refund.refresh_from_db()
    return refund
