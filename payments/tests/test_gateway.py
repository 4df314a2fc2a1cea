"""What Stripe says comes back as one of three answers: this is how it is, no, or nobody knows."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from payments import gateway
from payments.errors import StripeRefused, StripeUnavailable

CREATE = "POST /v1/payment_intents"
TROUBLE = [
    {"do": "error", "status": 500},
    {"do": "error", "status": 503},
    {"do": "error", "status": 429},
    {"do": "error", "status": 409},
    {"do": "cut"},
    {"do": "hang"},
]


@pytest.fixture
def impatient(settings):
    """A client that waits for a fifth of a second."""
    settings.STRIPE_TIMEOUT_SECONDS = 0.2
    gateway._client.cache_clear()
    yield
    gateway._client.cache_clear()


def create(key="key-1", amount=2400, reference="REFERENCE1"):
    return gateway.create_intent(amount=amount, currency="usd", reference=reference, key=key)


def captured(stripe, **wanted):
    intent = create(**wanted)
    stripe.confirm(intent.id)
    return gateway.capture(intent.id)


def test_an_intent_is_authorised_by_the_guest_and_captured_by_us(stripe_standin):
    intent = create()
    assert (intent.amount, intent.currency, intent.reference) == (2400, "usd", "REFERENCE1")
    assert (intent.status, intent.amount_received) == ("requires_payment_method", 0)
    assert not intent.livemode
    stripe_standin.confirm(intent.id)
    assert gateway.retrieve(intent.id).status == "requires_capture"
    taken = gateway.capture(intent.id)
    assert (taken.status, taken.amount_received) == ("succeeded", 2400)


def test_asked_again_with_the_same_key_it_is_the_same_intent(stripe_standin):
    assert create().id == create().id
    assert create(key="key-2").id != create().id


def test_why_a_card_was_declined_is_told(stripe_standin):
    from tools.standin.process import Refused

    intent = create()
    with pytest.raises(Refused):
        stripe_standin.confirm(intent.id, "pm_card_chargeDeclinedInsufficientFunds")
    assert gateway.retrieve(intent.id).last_error == "insufficient_funds"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
@pytest.mark.usefixtures("impatient")
def test_what_tells_nothing_is_never_taken_for_an_answer(stripe_standin, trouble, after):
    intent = create()
    stripe_standin.confirm(intent.id)
    stripe_standin.fault("* /v1/**", **trouble, after=after)
    for call in (gateway.retrieve, gateway.capture, gateway.cancel, gateway.refunded):
        with pytest.raises(StripeUnavailable):
            call(intent.id)


@pytest.mark.usefixtures("impatient")
def test_a_call_that_hangs_is_given_up_in_time(stripe_standin):
    stripe_standin.fault(CREATE, "hang")
    started = datetime.now(UTC)
    with pytest.raises(StripeUnavailable):
        create()
    assert datetime.now(UTC) - started < timedelta(seconds=10)


def test_nobody_there_is_unavailable(stripe_standin, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(StripeUnavailable):
        create()


def test_a_key_that_stripe_does_not_know_is_our_trouble_and_no_refusal(stripe_standin, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"
    with pytest.raises(StripeUnavailable):
        create()


def test_one_bad_moment_is_overcome_by_asking_again(stripe_standin):
    stripe_standin.fault(CREATE, "error", status=503, times=1)
    assert create().status == "requires_payment_method"
    assert len(stripe_standin.call("GET", "/v1/payment_intents")["data"]) == 1


def test_a_call_whose_answer_was_cut_off_is_not_carried_out_twice(stripe_standin):
    stripe_standin.fault(CREATE, "cut", after=True, times=1)
    with suppress(StripeUnavailable):  # or the SDK has asked again by itself
        create()
    create()
    assert len(stripe_standin.call("GET", "/v1/payment_intents")["data"]) == 1


@pytest.mark.parametrize("amount", [0, -5, 10**12])
def test_what_stripe_does_not_allow_is_refused_with_its_reason(stripe_standin, amount):
    with pytest.raises(StripeRefused) as refused:
        create(amount=amount)
    assert refused.value.reason
    assert refused.value.reason not in str(refused.value)  # nothing of it reaches a guest


def test_an_intent_that_there_is_not_is_refused(stripe_standin):
    for call in (gateway.retrieve, gateway.capture, gateway.cancel):
        with pytest.raises(StripeRefused) as refused:
            call("pi_unknown")
        assert refused.value.reason == "resource_missing"


def test_nothing_is_captured_or_cancelled_that_is_over(stripe_standin):
    taken = captured(stripe_standin)
    with pytest.raises(StripeRefused):
        gateway.capture(taken.id)
    with pytest.raises(StripeRefused):
        gateway.cancel(taken.id)


def test_a_refund_is_one_refund_however_often_it_is_asked_for(stripe_standin):
    taken = captured(stripe_standin)
    answers = {
        gateway.refund(taken.id, amount=2400, key="r-1", attempt=n).id for n in (1, 2, 3, 4, 5)
    }
    assert len(answers) == 1
    assert gateway.refunded(taken.id) == 2400


def test_a_refund_that_stripe_repeats_an_error_for_is_made_with_another_key(stripe_standin):
    taken = captured(stripe_standin)
    # The answer is lost before anything was done, and Stripe remembers the error for a day.
    stripe_standin.fault("POST /v1/refunds", "refuse", status=500, times=1)
    for attempt in (1, 2, 3):
        with pytest.raises((StripeUnavailable, StripeRefused)):
            gateway.refund(taken.id, amount=2400, key="r-1", attempt=attempt)
    assert gateway.refund(taken.id, amount=2400, key="r-1", attempt=4).status == "succeeded"
    assert gateway.refunded(taken.id) == 2400


def test_a_refund_that_was_made_without_our_hearing_of_it_is_found_by_its_key(stripe_standin):
    taken = captured(stripe_standin)
    stripe_standin.fault("POST /v1/refunds", "error", after=True)
    with pytest.raises(StripeUnavailable):
        gateway.refund(taken.id, amount=2400, key="r-1")
    found = gateway.refund(taken.id, amount=2400, key="r-1", attempt=4)
    assert found == gateway.refund_with_key(taken.id, "r-1")
    assert gateway.refund_with_key(taken.id, "r-2") is None


def test_what_failed_was_not_paid_back(stripe_standin):
    taken = captured(stripe_standin)
    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = gateway.refund(taken.id, amount=2400, key="r-1")
    assert (refund.status, gateway.refunded(taken.id)) == ("pending", 2400)
    stripe_standin.decide(refund.id, "failed")
    assert gateway.refunded(taken.id) == 0
    assert gateway.retrieve_refund(refund.id).failure_reason == "expired_or_canceled_card"


def test_every_intent_is_listed_also_beyond_a_page(stripe_standin):
    made = {create(key=f"key-{n}", reference=f"R{n}").id for n in range(105)}
    listed = [intent.id for intent in gateway.intents_since(timezone.now() - timedelta(hours=1))]
    assert len(listed) == 105
    assert set(listed) == made
    assert not list(gateway.intents_since(timezone.now() + timedelta(hours=1)))
