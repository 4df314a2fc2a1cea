"""A payment from its beginning to its refund, through Stripe's own SDK."""

import pytest
import stripe

from tools.standin.process import Running


@pytest.fixture
def payments(standin: Running) -> stripe.StripeClient:
    return stripe.StripeClient(
        standin.secret_key, base_addresses={"api": standin.url}, max_network_retries=0
    )


def authorised(payments: stripe.StripeClient, amount: int = 2400) -> stripe.PaymentIntent:
    """An intent with manual capture whose card has said yes."""
    return payments.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "usd",
            "capture_method": "manual",
            "automatic_payment_methods": {"enabled": True},
            "metadata": {"reference": "ABC-123"},
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": "http://127.0.0.1/back",
        }
    )


def paid(payments: stripe.StripeClient, amount: int = 2400) -> stripe.PaymentIntent:
    return payments.v1.payment_intents.capture(authorised(payments, amount).id)


def test_an_intent_begins_without_a_payment_method(payments: stripe.StripeClient) -> None:
    intent = payments.v1.payment_intents.create({"amount": 2400, "currency": "USD"})
    assert intent.status == "requires_payment_method"
    assert (intent.amount, intent.currency, intent.capture_method) == (2400, "usd", "automatic")
    assert str(intent.client_secret).startswith(f"{intent.id}_secret_")


def test_confirming_with_manual_capture_only_authorises(payments: stripe.StripeClient) -> None:
    intent = authorised(payments)
    assert intent.status == "requires_capture"
    assert (intent.amount_capturable, intent.amount_received) == (2400, 0)
    charge = payments.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.paid, charge.captured, charge.amount_captured) == (True, False, 0)


def test_capturing_takes_the_money(payments: stripe.StripeClient) -> None:
    intent = paid(payments)
    assert intent.status == "succeeded"
    assert (intent.amount_capturable, intent.amount_received) == (0, 2400)
    charge = payments.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.captured, charge.amount_captured) == (True, 2400)
    assert charge.balance_transaction


def test_a_part_can_be_captured_and_the_rest_is_let_go(payments: stripe.StripeClient) -> None:
    intent = authorised(payments)
    captured = payments.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1000})
    assert (captured.amount, captured.amount_received) == (2400, 1000)
    with pytest.raises(stripe.InvalidRequestError, match="unrefunded"):
        payments.v1.refunds.create({"payment_intent": intent.id, "amount": 1001})


def test_capturing_twice_is_refused_with_the_intent(payments: stripe.StripeClient) -> None:
    intent = paid(payments)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.payment_intents.capture(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.http_status == 400
    assert refusal.value.error
    assert refusal.value.error.payment_intent
    assert refusal.value.error.payment_intent.status == "succeeded"


def test_more_than_was_authorised_cannot_be_captured(payments: stripe.StripeClient) -> None:
    intent = authorised(payments)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2401})
    assert refusal.value.code == "amount_too_large"
    assert payments.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_automatic_capture_takes_the_money_at_once(payments: stripe.StripeClient) -> None:
    intent = payments.v1.payment_intents.create(
        {"amount": 900, "currency": "eur", "payment_method": "pm_card_amex", "confirm": True}
    )
    assert (intent.status, intent.amount_received) == ("succeeded", 900)


def test_cancelling_releases_an_authorisation(payments: stripe.StripeClient) -> None:
    intent = authorised(payments)
    canceled = payments.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert (canceled.amount_capturable, canceled.amount_received) == (0, 0)
    assert canceled.canceled_at
    charge = payments.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.captured, charge.refunded) == (False, True)


@pytest.mark.parametrize("status", ["succeeded", "canceled"])
def test_what_is_over_cannot_be_cancelled_or_confirmed(
    payments: stripe.StripeClient, status: str
) -> None:
    intent = paid(payments) if status == "succeeded" else authorised(payments)
    if status == "canceled":
        payments.v1.payment_intents.cancel(intent.id)
    for refused in (payments.v1.payment_intents.cancel, payments.v1.payment_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            refused(intent.id)
        assert refusal.value.code == "payment_intent_unexpected_state"


def test_an_authorisation_that_nobody_captures_expires(
    standin: Running, payments: stripe.StripeClient
) -> None:
    intent = authorised(payments)
    standin.expire(intent.id)
    expired = payments.v1.payment_intents.retrieve(intent.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")


def test_the_amount_changes_only_before_it_is_authorised(payments: stripe.StripeClient) -> None:
    intent = payments.v1.payment_intents.create({"amount": 2400, "currency": "usd"})
    changed = payments.v1.payment_intents.update(
        intent.id, {"amount": 3600, "description": "Row C", "metadata": {"seats": "C7"}}
    )
    assert (changed.amount, changed.description) == (3600, "Row C")
    assert changed.metadata.to_dict() == {"seats": "C7"}
    late = authorised(payments)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.payment_intents.update(late.id, {"amount": 1})
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert payments.v1.payment_intents.update(late.id, {"metadata": {"a": "b"}}).amount == 2400


def test_metadata_merges_and_an_empty_value_removes(payments: stripe.StripeClient) -> None:
    intent = payments.v1.payment_intents.create(
        {"amount": 2400, "currency": "usd", "metadata": {"a": "1", "b": "2"}}
    )
    changed = payments.v1.payment_intents.update(intent.id, {"metadata": {"a": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


def test_a_refund_gives_back_the_whole_by_default(payments: stripe.StripeClient) -> None:
    intent = paid(payments)
    refund = payments.v1.refunds.create(
        {"payment_intent": intent.id, "reason": "requested_by_customer", "metadata": {"key": "k"}}
    )
    assert (refund.status, refund.amount, refund.payment_intent) == ("succeeded", 2400, intent.id)
    assert payments.v1.refunds.retrieve(refund.id).metadata["key"] == "k"  # type: ignore[index]
    charge = payments.v1.charges.retrieve(str(refund.charge))
    assert (charge.refunded, charge.amount_refunded) == (True, 2400)


def test_refunds_never_exceed_what_was_captured(payments: stripe.StripeClient) -> None:
    intent = paid(payments)
    payments.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.refunds.create({"payment_intent": intent.id, "amount": 1401})
    assert refusal.value.param == "amount"
    payments.v1.refunds.create({"charge": str(intent.latest_charge)})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"
    refunds = payments.v1.refunds.list({"payment_intent": intent.id})
    assert [refund.amount for refund in refunds.data] == [1400, 1000]


def test_what_was_not_captured_cannot_be_refunded(payments: stripe.StripeClient) -> None:
    intent = authorised(payments)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payments.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "payment_intent_unexpected_state"
    with pytest.raises(stripe.InvalidRequestError):
        payments.v1.refunds.create({"charge": str(intent.latest_charge)})


def test_lists_are_paged_newest_first(standin: Running, payments: stripe.StripeClient) -> None:
    standin.reset()
    made = [
        payments.v1.payment_intents.create({"amount": 100 + n, "currency": "usd"}).id
        for n in range(5)
    ]
    first = payments.v1.payment_intents.list({"limit": 2})
    assert [intent.id for intent in first.data] == made[:-3:-1]
    assert first.has_more
    everything = payments.v1.payment_intents.list({"limit": 2}).auto_paging_iter()
    assert [intent.id for intent in everything] == made[::-1]
    back = payments.v1.payment_intents.list({"limit": 2, "ending_before": made[1]})
    assert [intent.id for intent in back.data] == [made[3], made[2]]
    created = payments.v1.payment_intents.retrieve(made[0]).created
    assert payments.v1.payment_intents.list({"created": {"lt": created}}).data == []
    assert len(payments.v1.payment_intents.list({"created": {"gte": created}}).data) == 5


def test_ids_expand_to_objects_on_request(payments: stripe.StripeClient) -> None:
    intent = paid(payments)
    payments.v1.refunds.create({"payment_intent": intent.id, "amount": 400})
    full = payments.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.refunds", "payment_method"]}
    )
    assert isinstance(full.latest_charge, stripe.Charge)
    assert full.latest_charge.refunds
    assert full.latest_charge.refunds.data[0].amount == 400
    assert isinstance(full.payment_method, stripe.PaymentMethod)
    listed = payments.v1.payment_intents.list({"limit": 1, "expand": ["data.latest_charge"]})
    assert isinstance(listed.data[0].latest_charge, stripe.Charge)
    assert isinstance(payments.v1.payment_intents.retrieve(intent.id).latest_charge, str)
