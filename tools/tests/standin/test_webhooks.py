"""Events reach the shop signed as Stripe signs them, again until taken, and troubled on demand."""

import time
from collections.abc import Iterator

import pytest
import stripe

from tools.standin.process import Running, running
from tools.standin.receiver import Shop, receiving

CREATED = "payment_intent.created"
BACKOFF = 0.05
AUTHORISED = "payment_intent.amount_capturable_updated"


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Running, Shop]]:
    with receiving() as shop, running(webhook_url=shop.url, webhook_backoff=BACKOFF) as standin:
        yield standin, shop


@pytest.fixture
def standin(place: tuple[Running, Shop]) -> Iterator[Running]:
    yield place[0]
    place[0].webhooks(paused=False)
    place[0].reset()


@pytest.fixture
def shop(place: tuple[Running, Shop]) -> Shop:
    """The same listener for each test, empty, and deaf to what an earlier test left behind."""
    place[0].reset()
    place[0].wait_for_webhooks()
    place[1].deliveries.clear()
    place[1].statuses.clear()
    return place[1]


def create(standin: Running) -> str:
    intent = standin.call("POST", "/v1/payment_intents", amount=2400, currency="usd")
    return str(intent["id"])


def test_an_event_comes_signed_so_that_the_sdk_believes_it(standin: Running, shop: Shop) -> None:
    intent = create(standin)
    sent = shop.wait_for(CREATED)
    event = stripe.Webhook.construct_event(sent.body, sent.signature, standin.webhook_secret)
    assert event["type"] == CREATED
    assert event["data"]["object"]["id"] == intent
    assert event["api_version"] == "2026-10-28.endive"
    assert sent.event == standin.call("GET", f"/v1/events/{event['id']}") | {"pending_webhooks": 1}


def test_a_signature_does_not_fit_another_body_or_secret(standin: Running, shop: Shop) -> None:
    create(standin)
    sent = shop.wait_for(CREATED)
    for body, secret in ((sent.body + b" ", standin.webhook_secret), (sent.body, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, sent.signature, secret)


def test_a_payment_tells_its_story(standin: Running, shop: Shop) -> None:
    intent = standin.call(
        "POST", "/v1/payment_intents", amount=2400, currency="usd", capture_method="manual"
    )
    standin.confirm(intent["id"])
    standin.call("POST", f"/v1/payment_intents/{intent['id']}/capture")
    standin.call("POST", "/v1/refunds", payment_intent=intent["id"])
    assert [event["type"] for event in standin.events()] == [
        CREATED,
        "charge.succeeded",
        AUTHORISED,
        "charge.captured",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
    ]
    shop.wait_for("charge.refunded")


def test_an_event_shows_its_object_as_it_was_then(standin: Running, shop: Shop) -> None:
    intent = create(standin)
    standin.confirm(intent)
    assert shop.wait_for(CREATED).event["data"]["object"]["status"] == "requires_payment_method"
    [first] = standin.events(CREATED)
    assert first["data"]["object"]["status"] == "requires_payment_method"


def test_an_event_names_the_idempotency_key_that_caused_it(standin: Running, shop: Shop) -> None:
    standin.call("POST", "/v1/payment_intents", "key-1", amount=2400, currency="usd")
    request = shop.wait_for(CREATED).event["request"]
    assert request["idempotency_key"] == "key-1"
    assert request["id"].startswith("req_")


def test_a_webhook_that_is_not_taken_comes_again_and_again(standin: Running, shop: Shop) -> None:
    shop.statuses += [500, 404, 301]
    create(standin)
    shop.wait_for(CREATED, times=4)
    assert [delivery.status for delivery in shop.deliveries] == [500, 404, 301, 200]
    assert len({delivery.event["id"] for delivery in shop.deliveries}) == 1
    assert shop.deliveries[-1].at - shop.deliveries[0].at >= (1 + 2 + 4) * BACKOFF


def test_an_event_waits_until_it_is_taken(standin: Running, shop: Shop) -> None:
    shop.statuses += [500] * 3
    create(standin)
    shop.wait_for(CREATED)
    assert standin.events()[0]["pending_webhooks"] == 1
    shop.wait_for(CREATED, times=4)
    standin.wait_for_webhooks()
    assert standin.events()[0]["pending_webhooks"] == 0


def test_a_webhook_can_be_lost(standin: Running, shop: Shop) -> None:
    standin.fault(f"webhook {CREATED}", "lose", times=1)
    lost, kept = create(standin), create(standin)
    assert shop.wait_for(CREATED).event["data"]["object"]["id"] == kept
    assert [event["data"]["object"]["id"] for event in standin.events()] == [lost, kept]


def test_a_webhook_can_be_late(standin: Running, shop: Shop) -> None:
    standin.fault(f"webhook {CREATED}", "delay", seconds=0.3, times=1)
    asked = time.monotonic()
    create(standin)
    assert shop.wait_for(CREATED).at - asked >= 0.3


def test_a_webhook_can_be_repeated(standin: Running, shop: Shop) -> None:
    standin.fault("webhook payment_intent.*", "repeat", copies=10)
    create(standin)
    shop.wait_for(CREATED, times=10)
    assert len({delivery.event["id"] for delivery in shop.deliveries}) == 1


@pytest.mark.parametrize(("order", "arrival"), [("sent", [0, 1, 2, 3]), ("reverse", [3, 2, 1, 0])])
def test_held_webhooks_are_let_go_in_any_order(
    standin: Running, shop: Shop, order: str, arrival: list[int]
) -> None:
    standin.fault("webhook", "hold")
    made = [create(standin) for _ in range(4)]
    assert shop.deliveries == []
    assert [held["type"] for held in standin.webhooks()["held"]] == [CREATED] * 4
    results = standin.flush(order)
    assert [result["result"] for result in results] == [200] * 4
    came = [delivery.event["data"]["object"]["id"] for delivery in shop.deliveries]
    assert came == [made[n] for n in arrival]
    assert standin.webhooks()["held"] == []


def test_a_shuffle_is_the_same_for_the_same_seed(standin: Running, shop: Shop) -> None:
    orders = []
    for _ in range(2):
        standin.webhooks(paused=True)
        made = [create(standin) for _ in range(6)]
        came = [result["event"] for result in standin.flush("shuffled", copies=2, seed=7)]
        wrote = [event["id"] for event in standin.events()][-6:]
        orders.append([wrote.index(event) for event in came])
        assert len(came) == len(made) * 2 == len(shop.deliveries)
        shop.deliveries.clear()
    assert orders[0] == orders[1] != sorted(orders[0])


def test_paused_webhooks_wait_for_the_flush(standin: Running, shop: Shop) -> None:
    standin.webhooks(paused=True)
    create(standin)
    time.sleep(0.1)
    assert shop.deliveries == []
    assert len(standin.flush()) == 1
    assert shop.types == [CREATED]


def test_any_event_can_be_sent_again_in_any_order(standin: Running, shop: Shop) -> None:
    standin.webhooks(paused=True)
    standin.confirm(create(standin))
    created, *_, last = [event["id"] for event in standin.events()]
    results = standin.send(last, created, last)
    assert [result["result"] for result in results] == [200] * 3
    assert [delivery.event["id"] for delivery in shop.deliveries] == [last, created, last]


def test_the_endpoint_can_move(standin: Running, shop: Shop) -> None:
    with receiving() as other:
        standin.webhooks(url=other.url, secret="whsec_other")
        try:
            create(standin)
            sent = other.wait_for(CREATED)
        finally:
            standin.webhooks(url=shop.url, secret=standin.webhook_secret)
    stripe.Webhook.construct_event(sent.body, sent.signature, "whsec_other")
    assert shop.deliveries == []
