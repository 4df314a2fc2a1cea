"""Our record follows Stripe's, and never back from an end."""

import functools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.cast import alice, bob
from payments import gateway, intents
from payments.errors import StripeRefused, StripeUnavailable
from payments.models import IntentStatus, Payment
from payments.tests.records import authorised, capture, captured, look, owe, planned

pytestmark = pytest.mark.django_db


def stored(payment):
    return Payment.objects.get(pk=payment.pk)


cancel = functools.partial(intents.cancel, now=timezone.now())


def test_the_record_says_what_stripe_said(stripe_standin):
    guest = alice()
    payment = stored(owe(payer=guest))
    assert (payment.payer, payment.amount, payment.currency) == (guest, 2400, "usd")
    assert payment.intent_id.startswith("pi_")
    assert payment.client_secret.startswith(payment.intent_id)
    assert (payment.status, payment.amount_captured) == (IntentStatus.REQUIRES_PAYMENT_METHOD, 0)


def test_asked_twice_it_is_one_intent(stripe_standin):
    first = owe()
    again = stored(first)
    again.intent_id = None  # as a request sees it that was begun before
    intents.create(again, now=timezone.now())
    assert again.intent_id == stored(first).intent_id == first.intent_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            payer=bob(), reference="OTHER", amount=1, currency="usd", intent_id=first.intent_id
        )


def test_a_start_that_died_before_stripe_answered_is_resumed(stripe_standin):
    payment = planned(reference="REFERENCE1")
    stripe_standin.fault("POST /v1/payment_intents", "error", after=True)
    with pytest.raises(StripeUnavailable):
        intents.create(payment, now=timezone.now())
    assert stored(payment).intent_id is None
    stripe_standin.clear_faults()
    intents.create(payment, now=timezone.now())
    assert stored(payment).intent_id == payment.intent_id


def test_what_stripe_was_never_asked_for_is_cancelled_without_it(stripe_standin):
    payment = planned(reference="REFERENCE1")
    assert cancel(payment) is True
    assert stored(payment).status == IntentStatus.CANCELED
    assert stripe_standin.call("GET", "/v1/payment_intents", limit=100)["data"] == []


def test_a_look_writes_down_what_it_saw(stripe_standin):
    payment = authorised(stripe_standin)
    intent = look(payment)
    assert intent.status == payment.status == stored(payment).status == "requires_capture"
    assert stored(payment).looked_at is not None


def test_captured_twice_is_captured_once(stripe_standin):
    payment = authorised(stripe_standin)
    assert capture(payment).amount_received == capture(payment).amount_received == 2400
    assert stored(payment).amount_captured == 2400
    assert len(stripe_standin.events("charge.captured")) == 1


def test_what_somebody_else_captured_is_captured(stripe_standin):
    payment = authorised(stripe_standin)
    gateway.capture(payment.intent_id)
    assert capture(payment).status == "succeeded"
    assert stored(payment).status == IntentStatus.SUCCEEDED


def test_what_cannot_be_captured_is_refused_and_written_down(stripe_standin):
    payment = authorised(stripe_standin)
    stripe_standin.expire(payment.intent_id)
    with pytest.raises(StripeRefused):
        capture(payment)
    assert stored(payment).status == IntentStatus.CANCELED


def test_a_capture_that_nobody_knows_the_end_of_writes_nothing(stripe_standin):
    payment = authorised(stripe_standin)
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "error", after=True)
    with pytest.raises(StripeUnavailable):
        capture(payment)
    assert stored(payment).amount_captured == 0
    stripe_standin.clear_faults()
    assert capture(payment).amount_received == stored(payment).amount_captured == 2400


def test_cancelling_says_whether_the_money_is_free(stripe_standin):
    open_one = authorised(stripe_standin, reference="ONE", payer=alice())
    assert cancel(open_one) is cancel(open_one) is True
    assert stored(open_one).status == IntentStatus.CANCELED
    taken = captured(stripe_standin, reference="TWO", payer=bob())
    assert cancel(taken) is False
    assert stored(taken).status == IntentStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"amount": 100}, "amount"),
        ({"metadata[reference]": "SOMEBODYSX"}, "reference"),
        ({"metadata[reference]": ""}, "reference"),
    ],
)
def test_an_intent_that_is_not_what_was_asked_for_is_a_mismatch(stripe_standin, change, what):
    payment = owe()
    stripe_standin.call("POST", f"/v1/payment_intents/{payment.intent_id}", **change)
    with pytest.raises(intents.Mismatch) as mismatch:
        look(payment)
    assert mismatch.value.what == what


@pytest.mark.parametrize(
    ("change", "what"), [({"currency": "eur"}, "currency"), ({"livemode": True}, "mode")]
)
def test_a_record_of_another_currency_or_mode_is_a_mismatch(stripe_standin, change, what):
    payment = owe()
    Payment.objects.update(**change)
    with pytest.raises(intents.Mismatch) as mismatch:
        look(stored(payment))
    assert mismatch.value.what == what


@pytest.mark.parametrize("end", [capture, cancel], ids=["captured", "cancelled"])
def test_an_answer_that_comes_late_does_not_reopen_what_is_over(stripe_standin, end):
    payment = authorised(stripe_standin)
    late = gateway.retrieve(payment.intent_id)
    end(payment)
    over = stored(payment)
    intents.record(stored(payment), late, now=timezone.now())
    assert (stored(payment).status, stored(payment).amount_captured) == (
        over.status,
        over.amount_captured,
    )


def test_the_database_refuses_more_captured_than_asked(stripe_standin):
    payment = owe()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount_captured=2401)


def test_open_is_what_can_still_change(stripe_standin):
    waiting = owe(reference="ONE", payer=alice())
    captured(stripe_standin, reference="TWO", payer=bob())
    assert list(Payment.objects.open()) == [waiting]
