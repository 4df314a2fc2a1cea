"""Charges: https://docs.stripe.com/api/charges. One for every time a card is asked for money."""

from typing import Any

from . import identifiers
from .calls import Call
from .cards import BY_FINGERPRINT, Card, Refusal
from .lists import page
from .standin import StandIn, now

Json = dict[str, Any]


def retrieve(standin: StandIn, call: Call) -> Json:
    return standin.ledger.get("charge", call.id)


def list_all(standin: StandIn, call: Call) -> Json:
    call.fields.only("payment_intent", "limit", "starting_after", "ending_before", "created")
    return page(standin.ledger, "charge", call.fields, "/v1/charges", ("payment_intent",))


def authorise(standin: StandIn, intent: Json, method: Json) -> Json:
    """Ask the card for the amount of the intent. The charge tells whether it agreed."""
    refusal = card_of(method).refusal
    charge = build(intent, method, refusal)
    intent["latest_charge"] = charge["id"]
    return standin.ledger.save(charge)


def settle(standin: StandIn, charge: Json, amount: int) -> Json:
    """Take an authorised amount, or a part of it; the rest is released."""
    charge["captured"] = True
    charge["amount_captured"] = amount
    charge["balance_transaction"] = identifiers.new("txn")
    return standin.ledger.save(charge)


def release(standin: StandIn, charge: Json) -> Json:
    """Let an authorisation go. Stripe shows it as refunded, though no money ever moved."""
    charge["refunded"] = True
    charge["amount_refunded"] = charge["amount"]
    return standin.ledger.save(charge)


def card_of(method: Json) -> Card:
    """The test card behind a payment method, or behind a charge's `payment_method_details`."""
    return BY_FINGERPRINT[method["card"]["fingerprint"]]


def build(intent: Json, method: Json, refusal: Refusal | None) -> Json:
    return {
        "id": identifiers.new("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "STAND-IN",
        "captured": False,
        "created": now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": refusal.code if refusal else None,
        "failure_message": refusal.message if refusal else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": outcome(refusal),
        "paid": refusal is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": card_details(intent, method), "type": "card"},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if refusal else "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def outcome(refusal: Refusal | None) -> Json:
    return {
        "advice_code": "try_again_later" if refusal else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if refusal else "approved_by_network",
        "reason": refusal.decline_code if refusal else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": refusal.message if refusal else "Payment complete.",
        "type": "issuer_declined" if refusal else "authorized",
    }


def card_details(intent: Json, method: Json) -> Json:
    card = method["card"]
    same = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    return {name: card[name] for name in same} | {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": authentication(method),
        "wallet": None,
    }


def authentication(method: Json) -> Json | None:
    if not card_of(method).authenticates:
        return None
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": identifiers.new("3ds"),
        "version": "2.2.0",
    }
