"""Payment methods: https://docs.stripe.com/api/payment_methods. Cards only, test cards only."""

import time
from typing import Any

from . import cards, identifiers
from .calls import Call
from .cards import Card
from .errors import StripeError, not_found
from .fields import Fields
from .standin import StandIn, now

Json = dict[str, Any]
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_methods with the data of a card."""
    call.fields.only(
        "type", "card", "billing_details", "metadata", "allow_redisplay", "client_attribution"
    )
    return from_card(standin, call.fields)


def retrieve(standin: StandIn, call: Call) -> Json:
    return standin.ledger.get("payment_method", call.id, "payment_method")


def chosen(standin: StandIn, fields: Fields) -> Json | None:
    """The payment method that the parameters of an intent name or describe, if they do."""
    if name := fields.text("payment_method"):
        return from_name(standin, name)
    if "payment_method_data" in fields:
        return from_card(standin, fields.inside("payment_method_data"))
    return None


def from_card(standin: StandIn, fields: Fields) -> Json:
    """A payment method from typed card data. StripeError `card_error` names what is wrong."""
    fields.choice("type", ("card",))
    typed = fields.inside("card")
    if name := typed.text("token"):
        return from_name(standin, name.replace("tok_", "pm_card_", 1), "token")
    card = test_card(typed.required("number"))
    month, year = expiry(typed)
    check_cvc(card, typed.text("cvc"))
    made = build(card, month, year, fields.metadata({}), billing(fields.inside("billing_details")))
    return standin.ledger.save(made)


def from_name(standin: StandIn, name: str, param: str = "payment_method") -> Json:
    """The payment method with this id, or a new one for a name such as `pm_card_visa`."""
    card = cards.BY_NAME.get(name)
    if card is None:
        method = standin.ledger.find("payment_method", name)
        if method is None:
            raise not_found("PaymentMethod", name, param, status=400)
        return method
    return standin.ledger.save(build(card, 12, 2034, {}, billing(Fields({}))))


def test_card(number: str) -> Card:
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdecimal() or not 12 <= len(digits) <= 19:
        raise wrong("invalid_number", "The card number is not a valid number.", "number")
    if not cards.passes_luhn(digits):
        raise wrong("incorrect_number", "Your card number is incorrect.", "number")
    card = cards.BY_NUMBER.get(digits)
    if card is None:
        raise wrong(
            "card_declined",
            "Your card was declined. This is a test: only test cards are taken here.",
            "number",
            decline_code="test_mode_live_card",
        )
    return card


def expiry(typed: Fields) -> tuple[int, int]:
    month, year = typed.text("exp_month") or "", typed.text("exp_year") or ""
    if not month.isdecimal() or not 1 <= int(month) <= 12:
        raise wrong("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")
    whole = int(year) + (2000 if len(year) == 2 else 0) if year.isdecimal() else 0
    if (whole, int(month)) < this_month() or whole > this_month()[0] + 50:
        raise wrong("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
    return int(month), whole


def this_month() -> tuple[int, int]:
    today = time.gmtime(now())
    return today.tm_year, today.tm_mon


def check_cvc(card: Card, cvc: str | None) -> None:
    wanted = 4 if card.brand == "amex" else 3
    if cvc is not None and not (cvc.isdecimal() and len(cvc) in (3, wanted)):
        raise wrong("invalid_cvc", "Your card's security code is invalid.", "cvc")


def wrong(code: str, message: str, param: str, **more: Any) -> StripeError:
    return StripeError(402, message, code=code, kind="card_error", param=param, **more)


def billing(fields: Fields) -> Json:
    return {
        "address": address(fields),
        "email": fields.text("email"),
        "name": fields.text("name"),
        "phone": fields.text("phone"),
        "tax_id": None,
    }


def address(fields: Fields) -> Json:
    given = fields.inside("address")
    return {part: given.text(part) for part in ADDRESS}


def build(card: Card, month: int, year: int, metadata: Json, details: Json) -> Json:
    return {
        "id": identifiers.new("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": details,
        "card": {
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "unchecked",
            },
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": card.fingerprint,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": now(),
        "customer": None,
        "livemode": False,
        "metadata": metadata,
        "type": "card",
    }
