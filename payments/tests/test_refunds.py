"""Promised in our books first, then paid: once, however often and by however many it is asked."""

import functools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments import gateway, refunds
from payments.errors import StripeUnavailable
from payments.models import LedgerEntry, Payment, Refund, RefundStatus
from payments.tests.records import captured

NOW = timezone.now()
pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(stripe_standin):
    return captured(stripe_standin)


def promise(payment, amount=2400, key="refund-1"):
    return refunds.record(payment, amount, reason="cancelled", key=key, now=NOW)


def paid_back(payment):
    return gateway.refunded(payment.intent_id)


def test_a_promise_counts_before_stripe_hears_of_it(payment):
    refund = promise(payment)
    assert refund.status == RefundStatus.DUE
    assert payment.amount_refunded == 2400
    assert paid_back(payment) == 0


def test_a_promise_is_paid(payment):
    refund = refunds.submit(promise(payment), now=NOW)
    assert (refund.status, refund.attempts) == (RefundStatus.SUCCEEDED, 1)
    assert refund.refund_id.startswith("re_")
    assert paid_back(payment) == 2400


def test_paying_again_only_looks_how_it_is_doing(payment):
    refund = promise(payment)
    for _again in range(6):
        refund = refunds.submit(refund, now=NOW)
    assert refund.status == RefundStatus.SUCCEEDED
    assert paid_back(payment) == 2400


def test_one_key_is_one_promise(payment):
    promise(payment)
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(payment)


def test_a_promise_of_nothing_is_refused(payment):
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(payment, amount=0)


@pytest.mark.parametrize("after", [False, True])
def test_while_nobody_knows_it_stays_due_and_is_paid_once_in_the_end(
    stripe_standin, payment, after
):
    refund = promise(payment)
    stripe_standin.fault("POST /v1/refunds", "error", after=after)
    for _attempt in range(3):
        with pytest.raises(StripeUnavailable):
            refunds.submit(refund, now=NOW)
        refund.refresh_from_db()
        assert refund.status == RefundStatus.DUE
    stripe_standin.clear_faults()
    for _attempt in range(2):
        refund = refunds.submit(refund, now=NOW)
    assert refund.status == RefundStatus.SUCCEEDED
    assert paid_back(payment) == 2400


def test_a_pending_one_is_followed_to_its_end(stripe_standin, payment):
    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = refunds.submit(promise(payment), now=NOW)
    assert refund.status == RefundStatus.PENDING
    assert refunds.submit(refund, now=NOW).status == RefundStatus.PENDING
    stripe_standin.decide(refund.refund_id, "succeeded")
    assert refunds.submit(refund, now=NOW).status == RefundStatus.SUCCEEDED


def test_one_that_fails_after_all_is_no_longer_owed_and_says_why(stripe_standin, payment):
    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = refunds.submit(promise(payment), now=NOW)
    stripe_standin.decide(refund.refund_id, "failed")
    failed = refunds.submit(refund, now=NOW)
    assert (failed.status, failed.failure_reason) == (
        RefundStatus.FAILED,
        "expired_or_canceled_card",
    )
    assert payment.amount_refunded == 0


def test_one_that_stripe_refuses_has_failed_and_says_why(stripe_standin, payment):
    stripe_standin.fault("POST /v1/refunds", "refuse")
    failed = refunds.submit(promise(payment), now=NOW)
    assert (failed.status, failed.failure_reason) == (RefundStatus.FAILED, "balance_insufficient")


def test_no_more_is_paid_back_than_came_in(payment):
    refunds.submit(promise(payment), now=NOW)
    too_much = refunds.submit(promise(payment, amount=1, key="refund-2"), now=NOW)
    assert too_much.status == RefundStatus.FAILED
    assert paid_back(payment) == 2400


def test_a_refund_made_in_stripes_dashboard_leaves_nothing_to_refund(stripe_standin, payment):
    stripe_standin.call("POST", "/v1/refunds", payment_intent=payment.intent_id)
    assert refunds.submit(promise(payment), now=NOW).status == RefundStatus.FAILED
    assert paid_back(payment) == 2400


def test_one_that_another_worker_paid_without_hearing_of_it_has_not_failed(stripe_standin, payment):
    """Stripe refuses to pay more than came in; but it was this refund that it had paid."""
    refund = promise(payment)
    stripe_standin.fault("POST /v1/refunds", "error", after=True, times=2)
    with pytest.raises(StripeUnavailable):
        gateway.refund(payment.intent_id, amount=2400, key=refund.key, attempt=4)
    assert refunds.submit(refund, now=NOW).status == RefundStatus.SUCCEEDED
    assert paid_back(payment) == 2400


def test_what_is_due_and_what_is_under_way_is_found_when_it_is_time(payment):
    due, later = promise(payment, key="due"), promise(payment, key="later")
    pending = promise(payment, key="pending")
    Refund.objects.filter(pk=later.pk).update(tried_at=NOW + timedelta(minutes=5))
    Refund.objects.filter(pk=pending.pk).update(status=RefundStatus.PENDING)
    soon = NOW + timedelta(minutes=1)
    assert list(Refund.objects.due(before=soon)) == [due]
    assert list(Refund.objects.unsettled(before=soon)) == [pending]


@pytest.mark.django_db(transaction=True)
def test_paid_by_many_at_once_it_is_paid_once(stripe_standin, payment):
    from accounts.tests.crowd import at_once

    refund = promise(payment)
    stripe_standin.fault("POST /v1/refunds", "error", after=True, times=2)

    def pay(_number):
        try:
            return refunds.submit(Refund.objects.get(pk=refund.pk), now=NOW).status
        except StripeUnavailable:
            return "unknown"

    for _round in range(2):
        at_once(6, pay)
    assert paid_back(payment) == 2400
    assert len(stripe_standin.events("refund.created")) == 1
    assert refunds.submit(refund, now=NOW).status == RefundStatus.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_failed_one_is_followed_by_one_other_however_many_try_again(stripe_standin, payment):
    from accounts.tests.crowd import at_once

    stripe_standin.fault("POST /v1/refunds", "refuse", times=1)
    failed = refunds.submit(promise(payment), now=NOW)
    again = functools.partial(refunds.try_again, now=NOW)
    at_once(5, lambda _n: again(Refund.objects.get(pk=failed.pk)))
    assert Refund.objects.count() == 2
    assert paid_back(payment) == 2400
    assert Payment.objects.get().amount_refunded == 2400


def entries(kind="refund"):
    entries = LedgerEntry.objects.filter(kind=kind).order_by("pk")
    return list(entries.values_list("act", "account", "amount", "payment"))


def test_what_was_paid_back_is_in_the_ledger_once(payment):
    refund = promise(payment)
    assert entries() == []
    for _again in range(3):
        refunds.submit(refund, now=NOW)
    assert entries() == [
        ("refund:refund-1", "owed", 2400, payment.pk),
        ("refund:refund-1", "stripe_balance", -2400, payment.pk),
    ]


def test_what_is_under_way_is_in_the_ledger_when_it_has_arrived(stripe_standin, payment):
    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = refunds.submit(promise(payment), now=NOW)
    assert entries() == []
    stripe_standin.decide(refund.refund_id, "succeeded")
    refunds.submit(refund, now=NOW)
    assert len(entries()) == 2


def test_what_failed_is_not_in_the_ledger(stripe_standin, payment):
    stripe_standin.fault("POST /v1/refunds", "refuse")
    refunds.submit(promise(payment), now=NOW)
    assert entries() == []


def test_an_answer_that_was_overtaken_changes_nothing(payment, monkeypatch):
    refund = refunds.submit(promise(payment), now=NOW)
    before = gateway.StripeRefund(id=refund.refund_id, status="pending", failure_reason="")
    monkeypatch.setattr(gateway, "retrieve_refund", lambda _id: before)
    assert refunds.submit(refund, now=NOW).status == RefundStatus.SUCCEEDED
    assert len(entries()) == 2


def test_what_comes_back_after_it_had_succeeded_is_owed_again(stripe_standin, payment):
    """https://docs.stripe.com/refunds#failed-refunds"""
    refund = refunds.submit(promise(payment), now=NOW)
    stripe_standin.decide(refund.refund_id, "failed")
    for _again in range(2):
        assert refunds.submit(refund, now=NOW).status == RefundStatus.FAILED
    assert len(entries()) == 2
    assert entries("refund_failed") == [
        ("refund-failed:refund-1", "owed", -2400, payment.pk),
        ("refund-failed:refund-1", "stripe_balance", 2400, payment.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_heard_by_many_at_once_it_is_in_the_ledger_once(stripe_standin, payment):
    from accounts.tests.crowd import at_once

    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = refunds.submit(promise(payment), now=NOW)
    stripe_standin.decide(refund.refund_id, "succeeded")
    at_once(6, lambda _n: refunds.submit(Refund.objects.get(pk=refund.pk), now=NOW))
    assert len(entries()) == 2
