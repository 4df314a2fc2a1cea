"""Every trouble that can be asked for comes, as often as it was asked for, and then ends."""

import http.client
import threading
import time
import urllib.error
from typing import Any

import pytest
import stripe

from tools.standin import faults
from tools.standin.faults import CALL_SCENARIOS, SETTINGS, WEBHOOK_SCENARIOS, BadRule, checked
from tools.standin.process import Refused, Running

Json = dict[str, Any]
INTENTS = "/v1/payment_intents"
CAPTURE = f"POST {INTENTS}/*/capture"
NO_ANSWER = (urllib.error.URLError, http.client.HTTPException, OSError)


@pytest.fixture
def standin(standin: Running) -> Running:
    standin.reset()
    return standin


@pytest.fixture
def intent(standin: Running) -> str:
    """An authorised payment of 24.00 usd."""
    made = standin.call("POST", INTENTS, amount=2400, currency="usd", capture_method="manual")
    return str(standin.confirm(made["id"])["id"])


def capture(standin: Running, intent: str, key: str = "") -> Json:
    return standin.call("POST", f"{INTENTS}/{intent}/capture", key)


def status(standin: Running, intent: str) -> str:
    return str(standin.intent(intent)["status"])


def refused(standin: Running, intent: str, key: str = "") -> Refused:
    with pytest.raises(Refused) as refusal:
        capture(standin, intent, key)
    return refusal.value


def test_slow_answers_late_and_holds_up_nobody_else(standin: Running, intent: str) -> None:
    standin.fault(CAPTURE, "slow", seconds=0.3, times=1)
    asked = time.monotonic()
    assert capture(standin, intent)["status"] == "succeeded"
    assert time.monotonic() - asked >= 0.3


def test_forty_hanging_calls_hold_up_nobody_else(standin: Running, intent: str) -> None:
    def ask() -> None:
        with pytest.raises(NO_ANSWER):
            capture(standin, intent)

    standin.fault(CAPTURE, "hang", seconds=30)
    calls = [threading.Thread(target=ask) for _ in range(40)]
    for call in calls:
        call.start()
    while standin.state()["faults"][0]["hits"] < 40:
        time.sleep(0.01)
    asked = time.monotonic()
    assert status(standin, intent) == "requires_capture"
    assert time.monotonic() - asked < 10
    standin.clear_faults()
    for call in calls:
        call.join()


@pytest.mark.parametrize("number", [500, 503, 429])
def test_an_error_before_the_work_leaves_everything_as_it_was(
    standin: Running, intent: str, number: int
) -> None:
    standin.fault(CAPTURE, "error", status=number, times=2)
    for _ in range(2):
        assert refused(standin, intent).status == number
        assert status(standin, intent) == "requires_capture"
    assert capture(standin, intent)["status"] == "succeeded"


def test_429_is_a_rate_limit_to_the_sdk(standin: Running, intent: str) -> None:
    client = stripe.StripeClient(
        "sk_test_standin", base_addresses={"api": standin.url}, max_network_retries=0
    )
    standin.fault("*", "error", status=429)
    with pytest.raises(stripe.RateLimitError):
        client.v1.payment_intents.capture(intent)
    standin.clear_faults()
    standin.fault("*", "error", status=500)
    with pytest.raises(stripe.APIError):
        client.v1.payment_intents.capture(intent)


def test_an_error_after_the_work_hides_that_it_was_done(standin: Running, intent: str) -> None:
    standin.fault(CAPTURE, "error", after=True, times=1)
    assert refused(standin, intent).status == 500
    assert status(standin, intent) == "succeeded"


@pytest.mark.parametrize("scenario", ["hang", "cut"])
def test_without_an_answer_nothing_has_happened(
    standin: Running, intent: str, scenario: str
) -> None:
    standin.fault(CAPTURE, scenario, seconds=0.1, times=1)
    with pytest.raises(NO_ANSWER):
        capture(standin, intent)
    assert status(standin, intent) == "requires_capture"
    assert standin.calls()[-2]["status"] is None


@pytest.mark.parametrize("scenario", ["hang", "cut"])
def test_without_an_answer_everything_has_happened(
    standin: Running, intent: str, scenario: str
) -> None:
    standin.fault(CAPTURE, scenario, after=True, seconds=0.1, times=1)
    with pytest.raises(NO_ANSWER):
        capture(standin, intent, "key")
    assert status(standin, intent) == "succeeded"
    assert capture(standin, intent, "key")["status"] == "succeeded"  # the same key learns it


def test_the_sdk_gives_up_on_a_hanging_call_and_tries_again(standin: Running, intent: str) -> None:
    client = stripe.StripeClient(
        "sk_test_standin",
        base_addresses={"api": standin.url},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=0.3),
    )
    standin.fault(CAPTURE, "hang", after=True, seconds=10, times=1)
    assert client.v1.payment_intents.capture(intent).status == "succeeded"
    captures = [call for call in standin.calls() if call["path"].endswith("/capture")]
    assert len({call["idempotency_key"] for call in captures}) == 1
    standin.clear_faults()


def test_a_capture_can_be_refused(standin: Running, intent: str) -> None:
    standin.fault(CAPTURE, "refuse", times=1)
    refusal = refused(standin, intent)
    assert (refusal.status, refusal.error["code"]) == (400, "charge_expired_for_capture")
    assert refusal.error["payment_intent"]["id"] == intent
    assert status(standin, intent) == "requires_capture"


def test_a_refusal_can_have_any_code(standin: Running, intent: str) -> None:
    standin.fault(CAPTURE, "refuse", status=402, code="card_declined", message="No.", times=1)
    refusal = refused(standin, intent)
    assert (refusal.status, refusal.error["type"]) == (402, "card_error")
    assert refusal.error["message"] == "No."


def test_a_refund_can_be_refused(standin: Running, intent: str) -> None:
    capture(standin, intent)
    standin.fault("POST /v1/refunds", "refuse", times=1)
    with pytest.raises(Refused) as refusal:
        standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert refusal.value.error["code"] == "balance_insufficient"
    assert standin.call("POST", "/v1/refunds", payment_intent=intent)["status"] == "succeeded"


@pytest.mark.parametrize("end", ["succeeded", "failed"])
def test_a_refund_can_stay_pending_until_it_is_decided(
    standin: Running, intent: str, end: str
) -> None:
    capture(standin, intent)
    standin.fault("POST /v1/refunds", "refund_pending", times=1)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert refund["status"] == "pending"
    time.sleep(0.1)  # longer than the bank of this stand-in takes
    assert standin.call("GET", f"/v1/refunds/{refund['id']}")["status"] == "pending"
    assert standin.decide(refund["id"], end)["status"] == end
    left = standin.call("GET", f"/v1/charges/{refund['charge']}")["amount_refunded"]
    assert left == (2400 if end == "succeeded" else 0)


def test_a_refund_can_fail_after_it_succeeded(standin: Running, intent: str) -> None:
    capture(standin, intent)
    standin.fault("POST /v1/refunds", "refund_fails", times=1)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert refund["status"] == "succeeded"
    for _ in range(200):
        time.sleep(0.01)
        refund = standin.call("GET", f"/v1/refunds/{refund['id']}")
        if refund["status"] == "failed":
            break
    assert refund["failure_reason"]
    again = standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert again["amount"] == 2400


def test_a_rule_hits_only_what_it_names_and_as_often_as_it_says(standin: Running) -> None:
    standin.fault(f"GET {INTENTS}/*", "error", times=1)
    made = standin.call("POST", INTENTS, amount=2400, currency="usd")
    standin.call("GET", INTENTS)
    with pytest.raises(Refused):
        standin.intent(made["id"])
    assert standin.intent(made["id"])["id"] == made["id"]
    [rule] = standin.state()["faults"]
    assert (rule["hits"], rule["times"]) == (1, 1)


def test_the_first_rule_that_matches_wins(standin: Running) -> None:
    standin.fault("GET **", "error", status=503, times=1)
    standin.fault("*", "error", status=500)
    numbers = []
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            standin.call("GET", INTENTS)
        numbers.append(refusal.value.status)
    assert numbers == [503, 500]


def test_one_rule_can_be_taken_away(standin: Running) -> None:
    one, two = (standin.fault("*", "error", status=number) for number in (500, 503))
    standin.control("DELETE", f"/faults/{one['id']}")
    assert [rule["id"] for rule in standin.state()["faults"]] == [two["id"]]
    standin.clear_faults()
    assert standin.call("GET", INTENTS)["data"] == []


def test_a_rule_may_apply_by_chance(standin: Running) -> None:
    standin.fault("*", "error", chance=0.5)
    outcomes = set()
    for _ in range(60):
        try:
            standin.call("GET", INTENTS)
            outcomes.add("answered")
        except Refused:
            outcomes.add("refused")
    assert outcomes == {"answered", "refused"}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"on": "*"},
        {"on": "*", "do": "explode"},
        {"on": "*", "do": "lose"},
        {"on": "webhook", "do": "slow"},
        {"on": "*", "do": "error", "status": "500"},
        {"on": "*", "do": "error", "after": 1},
        {"on": "*", "do": "error", "sometimes": True},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(standin: Running, rule: Json) -> None:
    with pytest.raises(BadRule):
        checked(rule)
    with pytest.raises(Refused) as refusal:
        standin.control("POST", "/faults", **rule)
    assert refusal.value.status == 400


def test_the_documentation_names_every_scenario_and_setting() -> None:
    assert faults.__doc__
    for word in (*CALL_SCENARIOS, *WEBHOOK_SCENARIOS, *SETTINGS):
        assert word in faults.__doc__
