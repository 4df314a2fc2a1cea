"""A key is answered once: https://docs.stripe.com/api/idempotent_requests."""

import threading
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe

from tools.standin.process import Refused, Running

Json = dict[str, Any]
INTENTS = "/v1/payment_intents"
MONEY = {"amount": "2400", "currency": "usd"}


@pytest.fixture
def standin(standin: Running) -> Running:
    standin.reset()
    return standin


def test_the_same_key_makes_one_intent_however_often_it_is_sent(standin: Running) -> None:
    answers = [standin.call("POST", INTENTS, "key", **MONEY) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert standin.state()["counts"]["payment_intent"] == 1


def test_a_replay_says_that_it_is_one(standin: Running) -> None:
    def replayed() -> str | None:
        request = urllib.request.Request(
            standin.url + INTENTS,
            urlencode(MONEY).encode(),
            {"Authorization": "Bearer sk_test_standin", "Idempotency-Key": "key"},
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Request-Id"].startswith("req_")
            header: str | None = answer.headers["Idempotent-Replayed"]
            return header

    assert [replayed(), replayed()] == [None, "true"]


def test_a_replay_is_the_answer_of_then_not_of_now(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, "key", **MONEY)
    standin.confirm(intent["id"])
    replayed = standin.call("POST", INTENTS, "key", **MONEY)
    assert replayed["status"] == "requires_payment_method"
    assert standin.intent(intent["id"])["status"] == "succeeded"


def test_a_key_is_refused_for_other_parameters_and_other_endpoints(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, "key", **MONEY)
    for path, params in ((INTENTS, {"amount": 1}), (f"{INTENTS}/{intent['id']}", MONEY)):
        with pytest.raises(Refused) as refusal:
            standin.call("POST", path, "key", **(MONEY | params))
        assert refusal.value.status == 400
        assert refusal.value.error["type"] == "idempotency_error"
    assert standin.intent(intent["id"])["amount"] == 2400


def test_the_sdk_knows_the_refusal(standin: Running) -> None:
    client = stripe.StripeClient("sk_test_standin", base_addresses={"api": standin.url})
    client.v1.payment_intents.create({"amount": 900, "currency": "usd"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(
            {"amount": 901, "currency": "usd"}, {"idempotency_key": "k"}
        )


def test_a_decline_is_replayed_and_not_tried_again(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, **MONEY)
    path = f"{INTENTS}/{intent['id']}/confirm"
    errors = []
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            standin.call("POST", path, "pay", payment_method="pm_card_chargeDeclined")
        errors.append(refusal.value.error)
    assert errors[0] == errors[1]
    assert standin.state()["counts"]["charge"] == 1


def test_what_failed_its_validation_leaves_the_key_free(standin: Running) -> None:
    with pytest.raises(Refused):
        standin.call("POST", INTENTS, "key", currency="usd")
    assert standin.call("POST", INTENTS, "key", **MONEY)["amount"] == 2400


def test_a_key_in_flight_answers_409(standin: Running) -> None:
    standin.fault(f"POST {INTENTS}", "slow", seconds=20, times=1)
    made: list[Json] = []
    first = threading.Thread(
        target=lambda: made.append(standin.call("POST", INTENTS, "key", **MONEY))
    )
    first.start()
    try:
        wait_until_hit(standin)
        with pytest.raises(Refused) as refusal:
            standin.call("POST", INTENTS, "key", **MONEY)
        assert refusal.value.status == 409
        assert refusal.value.error["code"] == "idempotency_key_in_use"
    finally:
        standin.clear_faults()
        first.join()
    assert standin.call("POST", INTENTS, "key", **MONEY) == made[0]


def test_twenty_at_once_with_one_key_make_one_intent(standin: Running) -> None:
    statuses: list[int] = []

    def ask() -> None:
        try:
            standin.call("POST", INTENTS, "key", **MONEY)
            statuses.append(200)
        except Refused as refusal:
            statuses.append(refusal.status)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 409}
    assert standin.state()["counts"]["payment_intent"] == 1


def test_an_error_500_after_the_work_is_replayed(standin: Running) -> None:
    standin.fault(f"POST {INTENTS}", "error", after=True, times=1)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            standin.call("POST", INTENTS, "key", **MONEY)
        assert refusal.value.status == 500
    assert standin.state()["counts"]["payment_intent"] == 1


def test_an_error_500_before_the_work_is_forgotten(standin: Running) -> None:
    standin.fault(f"POST {INTENTS}", "error", times=1)
    with pytest.raises(Refused) as refusal:
        standin.call("POST", INTENTS, "key", **MONEY)
    assert refusal.value.status == 500
    assert standin.state()["counts"]["payment_intent"] == 0
    assert standin.call("POST", INTENTS, "key", **MONEY)["amount"] == 2400


def wait_until_hit(standin: Running) -> None:
    """Until the first fault rule has caught a call."""
    for _ in range(1000):
        if standin.state()["faults"][0]["hits"]:
            return
    raise AssertionError("No call came.")
