"""Stripe's books against ours: silent when they agree, a sentence for every cent that differs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import alice, bob, make_person
from payments import gateway, intents, reconciliation, refunds
from payments.errors import StripeUnavailable
from payments.models import IntentStatus, Payment
from payments.tests.records import authorised, captured, owe

pytestmark = pytest.mark.django_db


def differences(since=timedelta(days=1)):
    return list(reconciliation.differences(since=timezone.now() - since))


def test_books_that_agree_say_nothing(stripe_standin):
    now = timezone.now()
    owe(reference="WAITING", payer=alice())
    authorised(stripe_standin, reference="AUTHORISED", payer=bob())
    cancelled = authorised(stripe_standin, reference="CANCELLED", payer=make_person("Carol"))
    intents.cancel(cancelled, now=now)
    captured(stripe_standin, reference="CAPTURED", payer=make_person("Dan"))
    returned = captured(stripe_standin, reference="RETURNED", payer=make_person("Eve"))
    refunds.submit(refunds.record(returned, 2400, reason="cancelled", key="r", now=now), now=now)
    assert differences() == []


def test_money_that_came_in_without_our_writing_it_down_is_told(stripe_standin):
    payment = authorised(stripe_standin)
    stripe_standin.call("POST", f"/v1/payment_intents/{payment.intent_id}/capture")
    assert differences() == [
        "REFERENCE1: Stripe captured 2400, we wrote 0",
        "REFERENCE1: Stripe says succeeded, we wrote requires_payment_method",
    ]


def test_money_that_we_only_wrote_down_is_told(stripe_standin):
    owe()
    Payment.objects.update(amount_captured=2400)
    assert differences() == ["REFERENCE1: Stripe captured 0, we wrote 2400"]


def test_money_that_nobody_here_knows_of_is_told(stripe_standin):
    payment = captured(stripe_standin)
    Payment.objects.all().delete()
    assert differences() == [f"{payment.intent_id}: Stripe captured 2400, we know of nothing"]


def test_an_intent_that_a_crash_left_without_money_is_nothing(stripe_standin):
    gateway.create_intent(reference="FORGOTTEN", amount=2400, currency="usd", key="forgotten")
    assert differences() == []


def test_money_of_which_stripe_knows_nothing_is_told(stripe_standin):
    captured(stripe_standin)
    stripe_standin.reset()
    assert differences() == ["REFERENCE1: we wrote 2400 captured, Stripe knows of nothing"]


def test_money_paid_back_behind_our_back_is_told(stripe_standin):
    payment = captured(stripe_standin)
    stripe_standin.call("POST", "/v1/refunds", payment_intent=payment.intent_id, amount=500)
    assert differences() == ["REFERENCE1: Stripe paid back 500, we promised 0"]


def test_a_promise_that_was_not_kept_is_told(stripe_standin):
    payment = captured(stripe_standin)
    refunds.record(payment, 2400, reason="cancelled", key="r", now=timezone.now())
    assert differences() == ["REFERENCE1: Stripe paid back 0, we promised 2400"]


def test_a_refund_that_failed_after_it_had_succeeded_is_told(stripe_standin):
    payment, now = captured(stripe_standin), timezone.now()
    promised = refunds.record(payment, 2400, reason="cancelled", key="r", now=now)
    refund = refunds.submit(promised, now=now)
    stripe_standin.decide(refund.refund_id, "failed")
    assert differences() == ["REFERENCE1: Stripe paid back 0, we promised 2400"]


@pytest.mark.parametrize("status", [IntentStatus.SUCCEEDED, IntentStatus.CANCELED])
def test_an_end_that_only_one_of_the_two_knows_is_told(stripe_standin, status):
    owe()
    Payment.objects.update(status=status)
    assert differences() == [f"REFERENCE1: Stripe says requires_payment_method, we wrote {status}"]


def test_what_is_older_than_asked_for_is_not_compared(stripe_standin):
    captured(stripe_standin)
    Payment.objects.update(amount_captured=0)
    assert differences(since=timedelta(hours=-1)) == []


def test_without_stripe_there_is_no_comparison(stripe_standin, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(StripeUnavailable):
        differences()
