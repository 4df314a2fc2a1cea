"""What the stand-in answers is what Stripe publishes: its OpenAPI description, and its SDK."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe
from jsonschema import Draft7Validator

from tools.standin.cards import BY_NAME
from tools.standin.process import Refused, Running

Json = dict[str, Any]
DESCRIPTION = json.loads((Path(__file__).parent / "stripe_openapi.json").read_text())
OBJECTS = {
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "event": stripe.Event,
    "payment_method": stripe.PaymentMethod,
}


def draft7(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema says `null`."""
    if isinstance(schema, list):
        return [draft7(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    same = {name: draft7(value) for name, value in schema.items() if name != "nullable"}
    return {"anyOf": [same, {"type": "null"}]} if schema.get("nullable") is True else same


SCHEMAS = draft7(DESCRIPTION)


def check(thing: Json, schema: str | None = None) -> Json:
    """Fail with every difference between an answer and the published description."""
    name = schema or thing["object"]
    validator = Draft7Validator({"$ref": f"#/components/schemas/{name}"} | SCHEMAS)
    problems = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator.iter_errors(thing)
    ]
    assert not problems
    return thing


def create(standin: Running, **more: Any) -> Json:
    params: Json = {"amount": 2400, "currency": "usd", "capture_method": "manual"} | more
    return standin.call("POST", "/v1/payment_intents", **params)


def confirmed(standin: Running, card: str, **more: Any) -> Json:
    intent = create(standin, **more)
    try:
        return standin.confirm(intent["id"], card)
    except Refused as refusal:
        check({"error": refusal.error}, "error")
        return standin.intent(intent["id"])


def captured(standin: Running) -> Json:
    intent = confirmed(standin, "pm_card_visa")
    return standin.call("POST", f"/v1/payment_intents/{intent['id']}/capture")


def canceled(standin: Running) -> Json:
    intent = confirmed(standin, "pm_card_visa")
    return standin.call("POST", f"/v1/payment_intents/{intent['id']}/cancel")


STATUSES: dict[str, Callable[[Running], Json]] = {
    "requires_payment_method": create,
    "requires_confirmation": lambda standin: create(standin, payment_method="pm_card_visa"),
    "requires_action": lambda standin: confirmed(standin, "pm_card_authenticationRequired"),
    "processing": lambda standin: confirmed(standin, "pm_card_processing"),
    "requires_capture": lambda standin: confirmed(standin, "pm_card_mastercard"),
    "succeeded": captured,
    "canceled": canceled,
}


@pytest.mark.parametrize("status", STATUSES)
def test_an_intent_is_valid_in_every_status(standin: Running, status: str) -> None:
    assert check(STATUSES[status](standin))["status"] == status


def test_an_intent_with_everything_in_it_is_valid(standin: Running) -> None:
    intent = create(
        standin,
        description="Two seats",
        receipt_email="alice@example.org",
        statement_descriptor_suffix="CINEMA",
        **{
            "automatic_payment_methods[enabled]": "true",
            "metadata[reference]": "ABC",
            "shipping[name]": "Alice",
            "shipping[address][line1]": "1 Main Street",
        },
    )
    check(intent)
    standin.confirm(intent["id"], return_url="http://127.0.0.1/back")
    full = {"expand[0]": "latest_charge", "expand[1]": "payment_method"}
    expanded = standin.call("GET", f"/v1/payment_intents/{intent['id']}", **full)
    assert check(expanded)["latest_charge"]["object"] == "charge"


@pytest.mark.parametrize("card", BY_NAME)
def test_whatever_the_card_does_the_answers_are_valid(standin: Running, card: str) -> None:
    intent = check(confirmed(standin, card))
    if intent["status"] == "requires_action":
        intent = check(standin.authenticate(intent["id"]))
    if intent["latest_charge"]:
        check(standin.call("GET", f"/v1/charges/{intent['latest_charge']}"))


def test_a_failed_authentication_is_valid(standin: Running) -> None:
    intent = confirmed(standin, "pm_card_authenticationRequired")
    failed = check(standin.authenticate(intent["id"], passed=False))
    assert failed["last_payment_error"]["code"] == "payment_intent_authentication_failure"


def test_refunds_are_valid_whatever_becomes_of_them(standin: Running) -> None:
    intent = captured(standin)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent["id"], amount=100)
    assert check(refund)["status"] == "succeeded"
    assert check(standin.decide(refund["id"], "failed"))["status"] == "failed"
    standin.fault("POST /v1/refunds", "refund_pending", times=1)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent["id"], amount=100)
    assert check(refund)["status"] == "pending"


def test_lists_are_valid(standin: Running) -> None:
    intent = captured(standin)
    standin.call("POST", "/v1/refunds", payment_intent=intent["id"])
    for kind in ("payment_intents", "charges", "refunds", "events"):
        listed = check(standin.call("GET", f"/v1/{kind}"), f"{kind}_list")
        assert listed["data"]


def test_every_event_is_valid_and_carries_a_valid_object(standin: Running) -> None:
    standin.reset()
    intent = captured(standin)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent["id"])
    standin.decide(refund["id"], "failed")
    for build in STATUSES.values():
        build(standin)
    confirmed(standin, "pm_card_chargeDeclined")
    kinds = set()
    for event in standin.events():
        check(event)
        check(event["data"]["object"])
        kinds.add(event["type"])
    assert kinds == {
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "payment_intent.amount_capturable_updated",
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.canceled",
        "charge.succeeded",
        "charge.failed",
        "charge.captured",
        "charge.refunded",
        "charge.refund.updated",
        "refund.created",
        "refund.updated",
        "refund.failed",
    }


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("GET", "/v1/payment_intents/pi_unknown", {}),
        ("GET", "/v1/nothing", {}),
        ("POST", "/v1/payment_intents", {}),
        ("POST", "/v1/payment_intents", {"amount": "x", "currency": "usd"}),
        ("POST", "/v1/refunds", {"payment_intent": "pi_unknown"}),
    ],
)
def test_errors_are_valid(standin: Running, method: str, path: str, params: Json) -> None:
    with pytest.raises(Refused) as refusal:
        standin.call(method, path, **params)
    check({"error": refusal.value.error}, "error")


def test_no_attribute_is_unknown_to_the_sdk(standin: Running) -> None:
    intent = captured(standin)
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent["id"])
    answers = [
        intent,
        refund,
        standin.call("GET", f"/v1/charges/{refund['charge']}"),
        standin.call("GET", f"/v1/payment_methods/{intent['payment_method']}"),
        standin.events()[0],
    ]
    for answer in answers:
        known = OBJECTS[answer["object"]].__annotations__
        assert set(answer) <= set(known), answer["object"]


def test_the_check_itself_finds_a_wrong_answer(standin: Running) -> None:
    intent = create(standin)
    for wrong in ({"status": "paid"}, {"amount": "2400"}, {"livemode": None}):
        with pytest.raises(AssertionError):
            check(intent | wrong)
