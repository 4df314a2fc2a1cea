"""What the stand-in refuses, with Stripe's status, type, code and parameter; nothing changes."""

import http.client
import json
from typing import Any

import pytest
import stripe

from tools.standin.errors import StripeError
from tools.standin.forms import parse
from tools.standin.process import Refused, Running

Json = dict[str, Any]
INTENTS = "/v1/payment_intents"
DECLINED = "pm_card_chargeDeclined"
MONEY = {"amount": "2400", "currency": "usd"}


def raw(standin: Running, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    """Status, headers and parsed body of a request as it is written here."""
    connection = http.client.HTTPConnection(standin.url.removeprefix("http://"), timeout=10)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, answer.headers, json.loads(text) if text else {}


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": "2400"}, "parameter_missing", "currency"),
        (MONEY | {"amount": "0"}, "parameter_invalid_integer", "amount"),
        (MONEY | {"amount": "-5"}, "parameter_invalid_integer", "amount"),
        (MONEY | {"amount": "24.00"}, "parameter_invalid_integer", "amount"),
        (MONEY | {"amount": "²"}, "parameter_invalid_integer", "amount"),
        (MONEY | {"amount": "49"}, "amount_too_small", "amount"),
        (MONEY | {"amount": "100000000"}, "amount_too_large", "amount"),
        (MONEY | {"amount": "9" * 40}, "parameter_invalid_integer", "amount"),
        (MONEY | {"currency": "dollar"}, None, "currency"),
        (MONEY | {"seats": "C7"}, "parameter_unknown", "seats"),
        (MONEY | {"capture_method": "later"}, None, "capture_method"),
        (MONEY | {"confirm": "yes"}, None, "confirm"),
        (MONEY | {"metadata": "text"}, None, "metadata"),
        (MONEY | {"amount[x]": "1"}, None, "amount[x]"),
        (MONEY | {"payment_method": "pm_unknown"}, "resource_missing", "payment_method"),
        (MONEY | {"payment_method_types[]": "ideal"}, None, "payment_method_types"),
        (MONEY | {"expand[]": "nonsense"}, None, "expand"),
    ],
)
def test_an_intent_is_not_made_of_nonsense(
    standin: Running, params: Json, code: str | None, param: str | None
) -> None:
    standin.reset()
    with pytest.raises(Refused) as refusal:
        standin.call("POST", INTENTS, **params)
    error = refusal.value.error
    assert (refusal.value.status, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error.get("param")) == (code, param)
    assert standin.call("GET", INTENTS)["data"] == []


@pytest.mark.parametrize(
    "path", [f"{INTENTS}/pi_1", "/v1/refunds/re_1", "/v1/charges/ch_1", "/v1/events/evt_1"]
)
def test_what_is_not_there_is_404(standin: Running, path: str) -> None:
    with pytest.raises(Refused) as refusal:
        standin.call("GET", path)
    assert (refusal.value.status, refusal.value.error["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/customers"), ("DELETE", INTENTS), ("POST", f"{INTENTS}/pi_1/explode")],
)
def test_an_endpoint_that_is_not_here_is_404(standin: Running, method: str, path: str) -> None:
    status, _, body = raw(standin, method, path, Authorization="Bearer sk_test_standin")
    assert (status, body["error"]["code"]) == (404, "url_invalid")


def test_an_intent_needs_a_payment_method_to_be_confirmed(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, **MONEY)
    with pytest.raises(Refused) as refusal:
        standin.call("POST", f"{INTENTS}/{intent['id']}/confirm")
    assert refusal.value.error["code"] == "payment_intent_unexpected_state"


@pytest.mark.parametrize("header", ["", "Bearer sk_test_other", "Basic !", "Bearer", "Digest x"])
def test_a_wrong_key_is_401(standin: Running, header: str) -> None:
    status, _, body = raw(standin, "GET", INTENTS, Authorization=header)
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")
    assert "sk_test_other" not in body["error"]["message"]
    client = stripe.StripeClient("sk_test_other", base_addresses={"api": standin.url})
    with pytest.raises(stripe.AuthenticationError):
        client.v1.payment_intents.list()


def test_the_key_may_be_the_user_of_basic_auth(standin: Running) -> None:
    basic = "Basic c2tfdGVzdF9zdGFuZGluOg=="  # sk_test_standin:
    assert raw(standin, "GET", INTENTS, Authorization=basic)[0] == 200


def test_a_browser_sees_its_own_intent_only_and_not_all_of_it(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, **MONEY, **{"metadata[reference]": "ABC"})
    path, key = f"{INTENTS}/{intent['id']}", "key=pk_test_standin"
    status, headers, seen = raw(standin, "GET", f"{path}?{key}&client_secret=" + secret(intent))
    assert (status, seen["amount"]) == (200, 2400)
    assert "metadata" not in seen
    assert headers["Access-Control-Allow-Origin"] == "*"
    for wrong in ("", "&client_secret=x"):
        assert raw(standin, "GET", f"{path}?{key}{wrong}")[0] == 400


def test_a_browser_sees_as_little_in_a_refusal(standin: Running) -> None:
    intent = standin.call("POST", INTENTS, **MONEY, **{"metadata[reference]": "ABC"})
    body = (
        f"key=pk_test_standin&client_secret={secret(intent)}&payment_method=pm_card_chargeDeclined"
    )
    status, _, seen = raw(standin, "POST", f"{INTENTS}/{intent['id']}/confirm", body.encode())
    assert (status, seen["error"]["code"]) == (402, "card_declined")
    assert seen["error"]["payment_intent"]["status"] == "requires_payment_method"
    assert "metadata" not in seen["error"]["payment_intent"]


@pytest.mark.parametrize("action", ["", "/capture", "/cancel"])
def test_a_browser_cannot_take_or_change_money(standin: Running, action: str) -> None:
    intent = standin.call("POST", INTENTS, **MONEY)
    body = f"key=pk_test_standin&client_secret={secret(intent)}".encode()
    status, _, answer = raw(standin, "POST", f"{INTENTS}/{intent['id']}{action}", body)
    assert (status, answer["error"]["code"]) == (403, "secret_key_required")
    assert standin.intent(intent["id"]) == intent


def test_refunds_need_an_intent_or_a_charge_and_a_known_reason(standin: Running) -> None:
    for params, param in (({}, "payment_intent"), ({"reason": "boredom"}, "reason")):
        with pytest.raises(Refused) as refusal:
            standin.call("POST", "/v1/refunds", **params)
        assert refusal.value.error["param"] == param


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        ("a[0][b]=1", {"a": [{"b": "1"}]}),
        ("a[b][c][]=1", {"a": {"b": {"c": ["1"]}}}),
        ("a=%C3%A9+%26", {"a": "é &"}),
        ("a=", {"a": ""}),
        ("", {}),
    ],
)
def test_brackets_make_a_tree(text: str, tree: Json) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text", ["a[=1", "a]b=1", "[a]=1", "a=1&a[b]=2", "a[b]=1&a=2", "a[b][c][d][e][f][g]=1"]
)
def test_brackets_that_make_no_tree_are_refused(text: str) -> None:
    with pytest.raises(StripeError):
        parse(text)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"\xff\xfe", 400),
        (b"a=" + b"x" * 1_000_001, 413),
        (b"&".join(b"metadata[k%d]=v" % n for n in range(2000)), 400),
    ],
)
def test_bodies_that_are_no_forms_are_refused(standin: Running, body: bytes, status: int) -> None:
    answer = raw(standin, "POST", INTENTS, body, Authorization="Bearer sk_test_standin")
    assert answer[0] == status
    assert answer[2]["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("POST", "/nothing"), ("DELETE", "/webhooks"), ("PUT", "/faults")],
)
def test_an_unknown_control_is_404(standin: Running, method: str, path: str) -> None:
    assert raw(standin, method, f"/_standin{path}")[0] == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", b"[]"),
        ("/faults", b"{"),
        ("/webhooks", b'{"url": 7}'),
        ("/webhooks/flush", b'{"order": "sideways"}'),
        ("/webhooks/flush", b'{"colour": "red"}'),
        ("/webhooks/send", b'{"events": 5}'),
        ("/decide/re_1", b'{"status": "maybe"}'),
    ],
)
def test_controls_refuse_nonsense_kindly(standin: Running, path: str, body: bytes) -> None:
    status, _, answer = raw(
        standin, "POST", f"/_standin{path}", body, Content_Type="application/json"
    )
    assert status == 400
    assert answer["error"]


def test_a_form_of_a_strange_page_cannot_steer_the_stand_in(standin: Running) -> None:
    form = "application/x-www-form-urlencoded"
    assert raw(standin, "POST", "/_standin/reset", b"a=1", Content_Type=form)[0] == 400


def secret(intent: Json) -> str:
    return str(intent["client_secret"])
