"""Money in the back office: seen by those who may, typed by nobody, and refunds tried again."""

import pytest
from django.utils import timezone

from accounts.tests.cast import alice, bo, dora, make_person, mia
from payments import refunds
from payments.models import IntentStatus, Payment, Refund, RefundStatus, WebhookEvent
from payments.tests import records

pytestmark = pytest.mark.django_db
PAYMENTS, REFUNDS = "/admin/payments/payment/", "/admin/payments/refund/"
EVENTS = "/admin/payments/webhookevent/"


@pytest.fixture(autouse=True)
def _manager(client):
    client.force_login(mia())


def paid(reference: str = "7K2M9QXB4T", amount: int = 2400, **fields) -> Payment:
    """A payment by our record alone; nobody is asked."""
    return Payment.objects.create(
        payer=fields.pop("payer", None) or alice(), reference=reference, amount=amount,
        currency="usd", intent_id=f"pi_{reference}", status=IntentStatus.SUCCEEDED,
        amount_captured=amount, **fields,
    )  # fmt: skip


def captured(stripe) -> Payment:
    """A payment that the stand-in knows too."""
    return records.captured(stripe, reference="7K2M9QXB4T")


def promised(payment: Payment, key: str = "refund-1", **fields) -> Refund:
    refund = refunds.record(payment, 2400, reason="cancelled", key=key, now=timezone.now())
    Refund.objects.filter(pk=refund.pk).update(**fields)
    refund.refresh_from_db()
    return refund


def try_again(client, *chosen: Refund) -> str:
    form = {"action": "try_again", "_selected_action": [refund.pk for refund in chosen]}
    return client.post(REFUNDS, form, follow=True).content.decode()


def sent_back(stripe, payment: Payment) -> list[int]:
    listed = stripe.call("GET", "/v1/refunds", payment_intent=payment.intent_id)
    return [one["amount"] for one in listed["data"]]


def test_everything_is_seen_and_nothing_can_be_typed(client):
    payment = paid()
    refund = promised(payment)
    event = WebhookEvent.objects.create(event_id="evt_1", type="payment_intent.succeeded")
    for pages, one in ((PAYMENTS, payment), (REFUNDS, refund), (EVENTS, event)):
        assert client.get(pages).status_code == 200
        page = client.get(f"{pages}{one.pk}/change/")
        assert page.status_code == 200
        assert "_save" not in page.content.decode()
        assert client.post(f"{pages}{one.pk}/change/", {"amount": 1}).status_code == 403
        assert client.post(f"{pages}{one.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{pages}add/").status_code == 403


def test_amounts_are_written_as_money(client):
    promised(paid())
    assert "$24.00" in client.get(PAYMENTS).content.decode()
    assert "$24.00" in client.get(REFUNDS).content.decode()


def test_the_secret_of_an_intent_is_not_shown(client):
    payment = paid(client_secret="pi_secret_words")
    assert "pi_secret_words" not in client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()


@pytest.mark.parametrize("words", ["7K2M9QXB4T", "pi_7K2M", "alice@example.org", "Alice"])
def test_a_payment_is_found_by_its_reference_its_intent_and_its_payer(client, words):
    payment = paid()
    paid("ZZZZZZZZZZ", payer=make_person("Zoe"))
    assert list(client.get(PAYMENTS, {"q": words}).context["cl"].result_list) == [payment]


def test_events_that_wait_are_found(client):
    waiting = WebhookEvent.objects.create(event_id="evt_1", type="a")
    WebhookEvent.objects.create(event_id="evt_2", type="b", handled_at=timezone.now())
    assert list(client.get(EVENTS, {"handled": "no"}).context["cl"].result_list) == [waiting]


def test_a_refund_that_is_due_is_paid_now(client, stripe_standin):
    payment = captured(stripe_standin)
    refund = promised(payment)
    assert "1 refund is on its way." in try_again(client, refund)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SUCCEEDED
    assert sent_back(stripe_standin, payment) == [2400]


def test_a_refund_that_failed_is_followed_by_one_that_does_not(client, stripe_standin):
    payment = captured(stripe_standin)
    failed = promised(payment, status=RefundStatus.FAILED, failure_reason="lost_or_stolen_card")
    for _n in range(3):
        try_again(client, failed)
    assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == [
        RefundStatus.FAILED,
        RefundStatus.SUCCEEDED,
    ]
    assert sent_back(stripe_standin, payment) == [2400]


def test_what_went_back_in_another_way_is_not_paid_again(client, stripe_standin):
    payment = captured(stripe_standin)
    failed = promised(payment, status=RefundStatus.FAILED)
    refunds.submit(promised(payment, "another"), now=timezone.now())
    try_again(client, failed)
    assert Refund.objects.count() == 2
    assert sent_back(stripe_standin, payment) == [2400]


def test_while_stripe_is_away_a_refund_stays_due(client, stripe_standin):
    payment = captured(stripe_standin)
    refund = promised(payment)
    stripe_standin.fault("POST /v1/refunds", "error")
    assert "Stripe does not answer" in try_again(client, refund)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.DUE


def test_the_box_office_looks_and_pays_nothing_back(client, stripe_standin):
    payment = captured(stripe_standin)
    refund = promised(payment)
    client.force_login(bo())
    assert client.get(REFUNDS).status_code == 200
    try_again(client, refund)
    assert sent_back(stripe_standin, payment) == []


def test_the_door_sees_no_money(client):
    client.force_login(dora())
    assert {client.get(page).status_code for page in (PAYMENTS, REFUNDS, EVENTS)} == {403}


def test_the_lists_cost_the_same_for_many(client, django_assert_max_num_queries):
    payer = alice()
    for number in range(20):
        promised(paid(f"REFERENCE{number}", payer=payer), f"key-{number}")
    client.get(PAYMENTS)
    with django_assert_max_num_queries(7):
        client.get(PAYMENTS)
    with django_assert_max_num_queries(7):
        client.get(REFUNDS)
