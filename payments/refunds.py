"""Paying back: recorded in the transaction that cancels, submitted to Stripe after it."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from moviereservation.db.transactions import rerun
from payments import gateway, ledger
from payments.errors import StripeRefused
from payments.gateway import StripeRefund
from payments.models import Payment, Refund, RefundStatus

logger = logging.getLogger(__name__)

# How far a refund has come at Stripe; there it never goes back, and may fail last of all.
# https://docs.stripe.com/refunds#failed-refunds
FURTHER = {
    RefundStatus.DUE: 0,
    RefundStatus.PENDING: 1,
    RefundStatus.REQUIRES_ACTION: 1,
    RefundStatus.SUCCEEDED: 2,
    RefundStatus.FAILED: 3,
    RefundStatus.CANCELED: 3,
}


def record(payment: Payment, amount: int, *, reason: str, key: str, now: datetime) -> Refund:
    """A refund that will be paid. Belongs into the transaction of what causes it."""
    return Refund.objects.create(
        payment=payment, amount=amount, reason=reason, key=key, created_at=now, tried_at=now
    )


def submit(refund: Refund, *, now: datetime) -> Refund:
    """Send a recorded refund to Stripe, or look what became of it if it was sent.

    Submitted again it is the same refund, by its key. Raises StripeUnavailable; then ask again.
    """
    Refund.objects.filter(pk=refund.pk).update(tried_at=now, attempts=F("attempts") + 1)
    refund.refresh_from_db()
    try:
        at_stripe = _at_stripe(refund)
    except StripeRefused as refused:
        logger.error("Stripe refused refund %s: %s", refund.key, refused.reason)
        Refund.objects.filter(pk=refund.pk, status=RefundStatus.DUE).update(
            status=RefundStatus.FAILED, failure_reason=refused.reason[:100]
        )
    else:
        _mirror(refund.pk, at_stripe, now=now)
    refund.refresh_from_db()
    return refund


@rerun
def _mirror(refund_id: int, at_stripe: StripeRefund, *, now: datetime) -> None:
    """Mirror what Stripe said, and write what moved. An answer that was overtaken changes nothing.

    The lock and what is looked at behind it make it one movement, however many ask at once.
    """
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    was, status = RefundStatus(refund.status), RefundStatus(at_stripe.status)
    if refund.refund_id and FURTHER[status] < FURTHER[was]:
        return
    Refund.objects.filter(pk=refund_id).update(
        refund_id=at_stripe.id, status=status, failure_reason=at_stripe.failure_reason[:100]
    )
    if status == RefundStatus.SUCCEEDED != was:
        ledger.write(ledger.refund_succeeded(refund, at=now))
    elif was == RefundStatus.SUCCEEDED != status:
        ledger.write(ledger.refund_failed(refund, at=now))


def _at_stripe(refund: Refund) -> StripeRefund:
    """What Stripe says of it, after making it if it is not made yet. Raises StripeRefused."""
    if refund.refund_id:
        return gateway.retrieve_refund(refund.refund_id)
    intent_id, key = refund.payment.at_stripe, refund.key
    try:
        return gateway.refund(intent_id, amount=refund.amount, key=key, attempt=refund.attempts)
    except StripeRefused:
        # Perhaps because it was paid already, by another worker that did not hear of it.
        if made := gateway.refund_with_key(intent_id, key):
            return made
        raise


def try_again(refund: Refund, *, now: datetime) -> Refund:
    """Replace a failed refund with a new refund and return that; submit any other refund again.

    A failed refund is followed by a single other, however often and by however many this is called,
    and by none when the money went back in another way. Raises StripeUnavailable; then the refund
    stays due.
    """
    if refund.status not in (RefundStatus.FAILED, RefundStatus.CANCELED):
        return submit(refund, now=now)
    follower = _follower(refund, now=now)
    return submit(follower, now=now) if follower is not None else refund


def _follower(failed: Refund, *, now: datetime) -> Refund | None:
    key = f"{failed.key}+"
    try:
        with transaction.atomic():
            payment = Payment.objects.select_for_update().get(pk=failed.payment_id)
            if failed.amount <= payment.refundable:
                return record(payment, failed.amount, reason=failed.reason, key=key, now=now)
    except IntegrityError:  # somebody else was first
        pass
    return Refund.objects.filter(key=key).first()
