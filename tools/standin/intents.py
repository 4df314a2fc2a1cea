"""PaymentIntents: https://docs.stripe.com/api/payment_intents."""

from typing import Any

from . import confirming, intent_shape, payment_methods
from .calls import Call
from .errors import unexpected_state
from .lists import page
from .standin import StandIn

Json = dict[str, Any]
CHANGEABLE = (
    *intent_shape.TEXTS, "amount", "capture_method", "currency", "metadata", "payment_method",
    "payment_method_data", "payment_method_options", "payment_method_types", "shipping",
)  # fmt: skip
AT_CREATION = (
    *CHANGEABLE, *confirming.PARAMETERS, "amount_details", "automatic_payment_methods", "confirm",
    "confirmation_method", "payment_method_configuration",
)  # fmt: skip
MONEY = ("amount", "currency", "payment_method", "payment_method_data")
SEEN_IN_BROWSER = (
    "id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "capture_method", "client_secret", "confirmation_method", "created",
    "currency", "description", "last_payment_error", "livemode", "next_action", "payment_method",
    "payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping",
    "source", "status",
)  # fmt: skip


def create(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_intents; with `confirm=true` also confirmed."""
    fields = call.fields
    fields.only(*AT_CREATION)
    confirmed = fields.flag("confirm")
    confirming.wishes_in(fields)
    intent = intent_shape.build(fields)
    if method := payment_methods.chosen(standin, fields):
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    standin.ledger.save(intent)
    standin.tell("payment_intent.created", intent, call)
    if confirmed:
        return confirming.attempt(standin, call, intent)
    return intent


def retrieve(standin: StandIn, call: Call) -> Json:
    call.fields.only("client_secret")
    return standin.ledger.get("payment_intent", call.id, "intent")


def list_all(standin: StandIn, call: Call) -> Json:
    call.fields.only("customer", "limit", "starting_after", "ending_before", "created")
    return page(standin.ledger, "payment_intent", call.fields, "/v1/payment_intents", ("customer",))


def update(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_intents/:id. Words may always change; money only before it is authorised."""
    intent = standin.ledger.get("payment_intent", call.id, "intent")
    fields = call.fields
    fields.only(*CHANGEABLE)
    if intent["status"] not in confirming.OPEN and any(name in fields for name in MONEY):
        raise unexpected_state(
            intent,
            f"This PaymentIntent's amount, currency and payment method cannot be changed any more"
            f" because it has a status of {intent['status']}.",
        )
    changes = intent_shape.changed(fields, intent)
    if method := payment_methods.chosen(standin, fields):
        changes |= {"payment_method": method["id"], "status": "requires_confirmation"}
        changes["next_action"] = None
    intent |= changes
    return standin.ledger.save(intent)


def for_browser(intent: Json) -> Json:
    """What a publishable key may see."""
    return {name: intent[name] for name in SEEN_IN_BROWSER}
