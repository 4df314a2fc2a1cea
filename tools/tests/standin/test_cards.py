"""The test cards do what Stripe's documentation says of them."""

import http.client
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.standin.cards import CARDS, passes_luhn
from tools.standin.process import Refused, Running

Json = dict[str, Any]
INTENTS = "/v1/payment_intents"


def create(standin: Running, **more: Any) -> str:
    params: Json = {"amount": 2400, "currency": "usd", "capture_method": "manual"} | more
    return str(standin.call("POST", INTENTS, **params)["id"])


def typed(standin: Running, number: str, **more: Any) -> Json:
    """A payment method from card data, as the browser makes it."""
    card = {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"} | more
    params = {f"card[{name}]": value for name, value in card.items()}
    return standin.call("POST", "/v1/payment_methods", type="card", **params)


def eventually(standin: Running, path: str, **wanted: Any) -> Json:
    """The object once it has these attributes."""
    for _ in range(300):
        thing = standin.call("GET", path)
        if wanted.items() <= thing.items():
            return thing
        time.sleep(0.01)
    raise AssertionError(f"{path} is never {wanted}")


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
def test_a_declined_card_leaves_the_intent_open_for_another(
    standin: Running, card: str, code: str, decline_code: str
) -> None:
    intent = create(standin)
    with pytest.raises(Refused) as refusal:
        standin.confirm(intent, card)
    error = refusal.value.error
    assert (refusal.value.status, error["type"]) == (402, "card_error")
    assert (error["code"], error["decline_code"]) == (code, decline_code)
    now = standin.intent(intent)
    assert error["payment_intent"] == now
    assert (now["status"], now["payment_method"]) == ("requires_payment_method", None)
    assert now["last_payment_error"]["code"] == code
    charge = standin.call("GET", f"/v1/charges/{error['charge']}")
    assert (charge["status"], charge["paid"]) == ("failed", False)
    assert standin.confirm(intent)["status"] == "requires_capture"
    assert standin.intent(intent)["last_payment_error"] is None


@pytest.mark.parametrize("card", ["visa", "visa_debit", "mastercard", "amex", "discover"])
def test_an_ordinary_card_pays(standin: Running, card: str) -> None:
    assert standin.confirm(create(standin), f"pm_card_{card}")["status"] == "requires_capture"


@pytest.mark.parametrize("card", ["authenticationRequired", "threeDSecure2Required"])
def test_authentication_passed_pays(standin: Running, card: str) -> None:
    intent = create(standin)
    asked = standin.confirm(intent, f"pm_card_{card}")
    assert (asked["status"], asked["latest_charge"]) == ("requires_action", None)
    assert asked["next_action"]["type"] == "use_stripe_sdk"
    passed = standin.authenticate(intent)
    assert (passed["status"], passed["next_action"]) == ("requires_capture", None)


def test_authentication_failed_does_not_pay(standin: Running) -> None:
    intent = create(standin)
    standin.confirm(intent, "pm_card_authenticationRequired")
    failed = standin.authenticate(intent, passed=False)
    assert failed["status"] == "requires_payment_method"
    assert failed["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert standin.events("payment_intent.payment_failed")[-1]["data"]["object"]["id"] == intent


def test_a_card_may_be_declined_after_authentication(standin: Running) -> None:
    method = typed(standin, "4000 0084 0000 1629")
    intent = create(standin)
    assert standin.confirm(intent, method["id"])["status"] == "requires_action"
    declined = standin.authenticate(intent)
    assert declined["status"] == "requires_payment_method"
    assert declined["last_payment_error"]["code"] == "card_declined"


def test_a_server_is_sent_to_a_page_for_authentication(standin: Running) -> None:
    asked = standin.confirm(
        create(standin), "pm_card_threeDSecure2Required", return_url="http://127.0.0.1/back"
    )
    redirect = asked["next_action"]["redirect_to_url"]
    assert redirect["url"].startswith(standin.url)
    assert redirect["return_url"] == "http://127.0.0.1/back"


@pytest.mark.parametrize(("outcome", "told"), [("pass", "succeeded"), ("fail", "failed")])
def test_the_bank_sends_the_buyer_back_also_without_scripts(
    standin: Running, outcome: str, told: str
) -> None:
    back = "http://127.0.0.1/back?reference=ABC"
    intent = create(standin)
    asked = standin.confirm(intent, "pm_card_threeDSecure2Required", return_url=back)
    url = urlsplit(asked["next_action"]["redirect_to_url"]["url"])
    shop = http.client.HTTPConnection(url.netloc, timeout=10)
    shop.request("GET", f"{url.path}?{url.query}")
    page = shop.getresponse().read().decode()
    assert "24.00 usd" in page
    shop.request("POST", url.path, f"{url.query}&outcome={outcome}")
    answer = shop.getresponse()
    shop.close()
    assert answer.status == 303
    query = parse_qs(urlsplit(str(answer.headers["Location"])).query)
    assert query["reference"] == ["ABC"]
    assert query["payment_intent"] == [intent]
    assert query["redirect_status"] == [told]


def test_the_bank_asks_nobody_who_does_not_know_the_secret(standin: Running) -> None:
    asked = standin.confirm(create(standin), "pm_card_threeDSecure2Required")
    url = urlsplit(asked["next_action"]["use_stripe_sdk"]["stripe_js"])
    stranger = http.client.HTTPConnection(url.netloc, timeout=10)
    stranger.request("POST", url.path, "client_secret=pi_1_secret_1&outcome=pass")
    assert stranger.getresponse().status == 403
    stranger.close()
    assert standin.intent(asked["id"])["status"] == "requires_action"


def test_authentication_can_be_made_an_error(standin: Running) -> None:
    intent = create(standin)
    with pytest.raises(Refused) as refusal:
        standin.confirm(intent, "pm_card_authenticationRequired", error_on_requires_action="true")
    assert refusal.value.error["code"] == "authentication_required"
    assert standin.intent(intent)["status"] == "requires_payment_method"


@pytest.mark.parametrize(
    ("card", "status"),
    [("processing", "requires_capture"), ("processingDeclined", "requires_payment_method")],
)
def test_a_slow_bank_decides_later(standin: Running, card: str, status: str) -> None:
    intent = create(standin)
    assert standin.confirm(intent, f"pm_card_{card}")["status"] == "processing"
    eventually(standin, f"{INTENTS}/{intent}", status=status)


def test_a_refund_may_end_well_a_little_later(standin: Running) -> None:
    intent = create(standin, capture_method="automatic")
    standin.confirm(intent, "pm_card_pendingRefund")
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert refund["status"] == "pending"
    eventually(standin, f"/v1/refunds/{refund['id']}", status="succeeded")
    assert "refund.updated" in [event["type"] for event in standin.events()]


def test_a_refund_may_fail_a_little_later(standin: Running) -> None:
    intent = create(standin, capture_method="automatic")
    standin.confirm(intent, "pm_card_refundFail")
    refund = standin.call("POST", "/v1/refunds", payment_intent=intent)
    assert refund["status"] == "succeeded"
    eventually(standin, f"/v1/refunds/{refund['id']}", status="failed")
    charge = standin.call("GET", f"/v1/charges/{refund['charge']}")
    assert (charge["refunded"], charge["amount_refunded"]) == (False, 0)


def test_typed_card_data_makes_a_payment_method_without_the_number(standin: Running) -> None:
    method = typed(standin, "4242 4242 4242 4242")
    assert (method["card"]["last4"], method["card"]["exp_year"]) == ("4242", 2034)
    assert "424242424242" not in str(method)
    assert standin.confirm(create(standin), method["id"])["payment_method"] == method["id"]


def test_a_token_of_a_test_card_pays_too(standin: Running) -> None:
    params = {"payment_method_data[type]": "card", "payment_method_data[card][token]": "tok_visa"}
    intent = standin.call("POST", f"{INTENTS}/{create(standin)}/confirm", **params)
    assert intent["status"] == "requires_capture"


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"number": "4242"}, "invalid_number", "number"),
        ({"number": "abcdabcdabcdabcd"}, "invalid_number", "number"),
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "4111111111111111"}, "card_declined", "number"),
        ({"exp_month": "13"}, "invalid_expiry_month", "exp_month"),
        ({"exp_month": ""}, "invalid_expiry_month", "exp_month"),
        ({"exp_year": "2020"}, "invalid_expiry_year", "exp_year"),
        ({"exp_year": "2999"}, "invalid_expiry_year", "exp_year"),
        ({"cvc": "12"}, "invalid_cvc", "cvc"),
    ],
)
def test_card_data_that_cannot_be_right_is_refused(
    standin: Running, wrong: Json, code: str, param: str
) -> None:
    with pytest.raises(Refused) as refusal:
        typed(standin, **({"number": "4242424242424242"} | wrong))
    error = refusal.value.error
    assert (refusal.value.status, error["type"]) == (402, "card_error")
    assert (error["code"], error["param"]) == (code, param)


def test_every_test_number_has_its_check_digit() -> None:
    assert all(passes_luhn(card.number) for card in CARDS)
