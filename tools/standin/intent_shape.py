"""The attributes of a PaymentIntent, from parameters."""

from typing import Any

from . import identifiers, money
from .errors import StripeError, invalid
from .fields import Fields
from .payment_methods import address
from .standin import now

Json = dict[str, Any]
TEXTS = (
    "customer", "description", "receipt_email", "setup_future_usage", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group",
)  # fmt: skip
CAPTURE_METHODS = ("automatic", "automatic_async", "manual")


def changed(fields: Fields, intent: Json) -> Json:
    """The attributes that an update gives anew."""
    changes: Json = {name: fields.text(name) for name in TEXTS if name in fields}
    currency = money.currency(fields) if "currency" in fields else str(intent["currency"])
    if "amount" in fields:
        changes["amount"] = money.amount(fields, currency)
    if "capture_method" in fields:
        changes["capture_method"] = fields.choice("capture_method", CAPTURE_METHODS)
    if "payment_method_types" in fields:
        changes["payment_method_types"] = method_types(fields)
    if "shipping" in fields:
        changes["shipping"] = shipping(fields)
    return changes | {"currency": currency, "metadata": fields.metadata(intent["metadata"])}


def method_types(fields: Fields) -> list[str]:
    types = fields.items("payment_method_types") or ["card"]
    if "card" not in types:
        raise StripeError(400, "Only cards can be taken here.", param="payment_method_types")
    return types


def automatic(fields: Fields) -> Json | None:
    given = fields.inside("automatic_payment_methods")
    if not given.flag("enabled"):
        return None
    if "payment_method_types" in fields:
        raise invalid(
            "Give either automatic_payment_methods or payment_method_types, not both.",
            "automatic_payment_methods",
        )
    redirects = given.choice("allow_redirects", ("always", "never"), "always")
    return {"allow_redirects": redirects, "enabled": True}


def shipping(fields: Fields) -> Json | None:
    given = fields.inside("shipping")
    if not given.values:
        return None
    texts = {name: given.text(name) for name in ("carrier", "name", "phone", "tracking_number")}
    return {"address": address(given)} | texts


def build(fields: Fields) -> Json:
    code = money.currency(fields)
    identifier = identifiers.new("pi")
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": money.amount(fields, code),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic(fields),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": fields.choice("capture_method", CAPTURE_METHODS, "automatic"),
        "client_secret": identifiers.secret_of(identifier),
        "confirmation_method": fields.choice(
            "confirmation_method", ("automatic", "manual"), "automatic"
        ),
        "created": now(),
        "currency": code,
        "customer": fields.text("customer"),
        "description": fields.text("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": fields.metadata({}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": method_types(fields),
        "processing": None,
        "receipt_email": fields.text("receipt_email"),
        "review": None,
        "setup_future_usage": fields.choice("setup_future_usage", ("off_session", "on_session")),
        "shipping": shipping(fields),
        "source": None,
        "statement_descriptor": fields.text("statement_descriptor"),
        "statement_descriptor_suffix": fields.text("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": fields.text("transfer_group"),
    }
