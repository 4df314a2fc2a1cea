"""Refunds: https://docs.stripe.com/api/refunds. Never more than was captured."""

from functools import partial
from typing import Any

from . import charges, identifiers
from .calls import Call
from .errors import StripeError, invalid, missing, too_large, unexpected_state
from .lists import page
from .money import shown
from .standin import StandIn, now

Json = dict[str, Any]
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(standin: StandIn, call: Call) -> Json:
    """POST /v1/refunds for a `payment_intent` or a `charge`, the rest of it or an `amount`."""
    fields = call.fields
    fields.only(
        "payment_intent", "charge", "amount", "reason", "metadata", "instructions_email",
        "refund_application_fee", "reverse_transfer",
    )  # fmt: skip
    reason = fields.choice("reason", REASONS)
    charge = wanted_charge(standin, call)
    amount = wanted_amount(charge, call)
    refund = build(charge, amount, reason, fields.metadata({}))
    if "pending" in (call.twist or usual(charge)):
        refund |= {"status": "pending", "pending_reason": "processing"}
    standin.ledger.save(refund)
    add_to(standin, charge, amount)
    standin.tell("refund.created", refund, call)
    standin.tell("charge.refunded", charge, call)
    follow(standin, refund, call.twist)
    return refund


def retrieve(standin: StandIn, call: Call) -> Json:
    return standin.ledger.get("refund", call.id)


def list_all(standin: StandIn, call: Call) -> Json:
    call.fields.only(
        "payment_intent", "charge", "limit", "starting_after", "ending_before", "created"
    )
    filters = ("payment_intent", "charge")
    return page(standin.ledger, "refund", call.fields, "/v1/refunds", filters)


def update(standin: StandIn, call: Call) -> Json:
    """POST /v1/refunds/:id: only the metadata can change."""
    refund = standin.ledger.get("refund", call.id)
    call.fields.only("metadata")
    before = {"metadata": refund["metadata"]}
    refund["metadata"] = call.fields.metadata(refund["metadata"])
    standin.ledger.save(refund)
    standin.tell("refund.updated", refund, call, before)
    return refund


def decide(standin: StandIn, refund: Json, status: str) -> Json:
    """The bank's late word on a refund: `succeeded` or `failed`. Repeating it changes nothing."""
    if refund["status"] in (status, "failed"):
        return refund
    before: Json = {"status": refund["status"]}
    refund |= {"status": status, "pending_reason": None}
    charge = standin.ledger.get("charge", refund["charge"])
    if status == "failed":
        before |= {"failure_balance_transaction": None, "failure_reason": None}
        refund["failure_reason"] = "expired_or_canceled_card"
        refund["failure_balance_transaction"] = identifiers.new("txn")
        add_to(standin, charge, -refund["amount"])
    standin.ledger.save(refund)
    standin.tell("refund.updated", refund, None, before)
    standin.tell("charge.refund.updated", refund, None, before)
    if status == "failed":
        standin.tell("refund.failed", refund, None)
    return refund


def follow(standin: StandIn, refund: Json, twist: str | None = None) -> None:
    """Let the bank have its late word, where it has one.

    A refund that a fault has made pending waits to be settled by hand.
    """
    behaviour = twist or usual(standin.ledger.get("charge", refund["charge"]))
    if behaviour == "pending" and refund["status"] == "pending":
        standin.later(partial(decide, standin, refund, "succeeded"))
    elif behaviour in ("fails", "refund_fails") and refund["status"] == "succeeded":
        standin.later(partial(decide, standin, refund, "failed"))


def usual(charge: Json) -> str:
    """How the charged card treats refunds: `succeeds`, `pending` or `fails`."""
    return charges.card_of(charge["payment_method_details"]).refund


def wanted_charge(standin: StandIn, call: Call) -> Json:
    """The captured charge to give back from."""
    intent_id, charge_id = call.fields.text("payment_intent"), call.fields.text("charge")
    if charge_id:
        charge = standin.ledger.get("charge", charge_id, "charge")
        if intent_id and charge["payment_intent"] != intent_id:
            raise invalid("The charge does not belong to the PaymentIntent.", "charge")
    elif intent_id:
        intent = standin.ledger.get("payment_intent", intent_id, "payment_intent")
        if intent["status"] != "succeeded":
            raise unexpected_state(
                intent,
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            )
        charge = standin.ledger.get("charge", intent["latest_charge"])
    else:
        raise missing("payment_intent")
    if not charge["captured"]:
        raise StripeError(400, f"Charge {charge['id']} has not been captured.", param="charge")
    return charge


def wanted_amount(charge: Json, call: Call) -> int:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(
            400,
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    amount = call.fields.integer("amount", left, least=1) or left
    if amount > left:
        code = charge["currency"]
        raise too_large(
            f"Refund amount ({shown(amount, code)}) is greater than unrefunded amount on charge"
            f" ({shown(left, code)})",
            "amount",
        )
    return amount


def add_to(standin: StandIn, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    standin.ledger.save(charge)


def build(charge: Json, amount: int, reason: str | None, metadata: dict[str, str]) -> Json:
    return {
        "id": identifiers.new("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": identifiers.new("txn"),
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference": "7990000000000000000",
                "reference_status": "available",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
