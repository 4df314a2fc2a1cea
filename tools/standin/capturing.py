"""Taking an authorised amount, or letting it go."""

from typing import Any

from . import charges
from .calls import Call
from .errors import too_large, unexpected_state
from .money import shown
from .standin import StandIn, now

Json = dict[str, Any]
REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")
CANCELLABLE = (
    "requires_payment_method", "requires_capture", "requires_confirmation", "requires_action",
)  # fmt: skip


def capture(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_intents/:id/capture, the whole or `amount_to_capture`."""
    intent = standin.ledger.get("payment_intent", call.id, "intent")
    call.fields.only("amount_to_capture", "final_capture", "metadata", "statement_descriptor")
    if intent["status"] != "requires_capture":
        raise not_capturable(intent)
    limit = intent["amount_capturable"]
    amount = call.fields.integer("amount_to_capture", limit, least=1) or limit
    if amount > limit:
        raise too_large(
            f"The amount to capture is greater than the {shown(limit, intent['currency'])} that"
            f" can be captured.",
            "amount_to_capture",
        )
    metadata = call.fields.metadata(intent["metadata"])
    charge = standin.ledger.get("charge", intent["latest_charge"])
    charges.settle(standin, charge, amount)
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    intent["metadata"] = metadata
    standin.ledger.save(intent)
    standin.tell("charge.captured", charge, call)
    standin.tell("payment_intent.succeeded", intent, call)
    return intent


def not_capturable(intent: Json) -> Exception:
    if intent["status"] == "succeeded":
        message = "This PaymentIntent could not be captured because it has already been captured."
    else:
        message = (
            f"This PaymentIntent could not be captured because it has a status of"
            f" {intent['status']}. Only a PaymentIntent with a status of requires_capture may be"
            f" captured."
        )
    return unexpected_state(intent, message)


def cancel(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_intents/:id/cancel; an authorised amount is released."""
    intent = standin.ledger.get("payment_intent", call.id, "intent")
    call.fields.only("cancellation_reason")
    reason = call.fields.choice("cancellation_reason", REASONS)
    if intent["status"] not in CANCELLABLE:
        raise unexpected_state(
            intent,
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
        )
    return end(standin, intent, reason, call)


def expire(standin: StandIn, intent: Json) -> Json:
    """What happens to an authorisation that nobody captured in time (about seven days online)."""
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "Only an authorised PaymentIntent can expire.")
    return end(standin, intent, "automatic", None)


def end(standin: StandIn, intent: Json, reason: str | None, call: Call | None) -> Json:
    charge = None
    if intent["status"] == "requires_capture":
        charge = charges.release(standin, standin.ledger.get("charge", intent["latest_charge"]))
    intent |= {
        "status": "canceled",
        "canceled_at": now(),
        "cancellation_reason": reason,
        "amount_capturable": 0,
        "next_action": None,
    }
    standin.ledger.save(intent)
    if charge:
        standin.tell("charge.refunded", charge, call)
    standin.tell("payment_intent.canceled", intent, call)
    return intent
