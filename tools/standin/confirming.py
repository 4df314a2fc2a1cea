"""Confirming an intent: the card is asked, perhaps after 3-D Secure, perhaps answering late."""

from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from . import charges, payment_methods
from .access import prove
from .calls import Call
from .cards import AUTHENTICATION_REQUIRED, Refusal
from .errors import StripeError, unexpected_state
from .fields import Fields
from .intent_shape import changed
from .standin import StandIn

Json = dict[str, Any]
PARAMETERS = (
    "client_secret", "error_on_requires_action", "expected_payment_method_type", "mandate_data",
    "off_session", "payment_method", "payment_method_data", "payment_method_options",
    "radar_options", "receipt_email", "return_url", "setup_future_usage", "shipping",
    "use_stripe_sdk",
)  # fmt: skip
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
AUTHENTICATION_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to"
    " attempt to fulfill this PaymentIntent again."
)


class Wishes(NamedTuple):
    """How the caller wants 3-D Secure: inside its page, as an error, or with a way back."""

    in_page: bool
    as_error: bool
    return_url: str | None


def confirm(standin: StandIn, call: Call) -> Json:
    """POST /v1/payment_intents/:id/confirm."""
    intent = standin.ledger.get("payment_intent", call.id, "intent")
    if call.public:
        prove(intent, call)
    call.fields.only(*PARAMETERS)
    return attempt(standin, call, intent)


def attempt(standin: StandIn, call: Call, intent: Json) -> Json:
    """Ask the card. Raises StripeError 402 `card_error` when it says no; the intent is changed."""
    refuse_unless_open(intent)
    wishes = wishes_in(call.fields)
    changes = changed(call.fields, intent)
    if method := payment_methods.chosen(standin, call.fields):
        intent["payment_method"] = method["id"]
    if not intent["payment_method"]:
        raise unexpected_state(
            intent, "You cannot confirm this PaymentIntent because it's missing a payment method."
        )
    method = standin.ledger.get("payment_method", intent["payment_method"])
    intent |= changes | {"last_payment_error": None, "next_action": None}
    card = charges.card_of(method)
    if card.authenticates:
        return ask_for_authentication(standin, call, intent, wishes)
    if card.slow:
        return wait_for_the_bank(standin, call, intent)
    refusal = authorise(standin, intent, method, call)
    if refusal:
        raise declined(intent)
    return intent


def wishes_in(fields: Fields) -> Wishes:
    """Read them first: nothing may have changed when one makes no sense."""
    fields.flag("off_session")
    return Wishes(
        fields.flag("use_stripe_sdk"),
        fields.flag("error_on_requires_action"),
        fields.text("return_url"),
    )


def refuse_unless_open(intent: Json) -> None:
    if intent["status"] in OPEN:
        return
    how = "it has a status of " + intent["status"]
    if intent["status"] == "succeeded":
        how = "it has already succeeded after being previously confirmed"
    raise unexpected_state(intent, f"You cannot confirm this PaymentIntent because {how}.")


def ask_for_authentication(standin: StandIn, call: Call, intent: Json, wishes: Wishes) -> Json:
    """3-D Secure: the buyer has to answer the challenge of the card's bank."""
    if wishes.as_error:
        method = standin.ledger.get("payment_method", intent["payment_method"])
        fail(standin, intent, error_of(AUTHENTICATION_REQUIRED, method), call)
        raise declined(intent)
    secret = urlencode({"client_secret": intent["client_secret"]})
    page = f"{call.base}/challenge/{intent['id']}?{secret}"
    if wishes.return_url and not wishes.in_page:
        redirect = {"return_url": wishes.return_url, "url": page}
        action: Json = {"type": "redirect_to_url", "redirect_to_url": redirect}
    else:
        challenge = {"type": "three_d_secure_redirect", "stripe_js": page}
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": challenge}
    intent |= {"status": "requires_action", "next_action": action}
    standin.ledger.save(intent)
    standin.tell("payment_intent.requires_action", intent, call)
    return intent


def authenticate(standin: StandIn, intent: Json, passed: bool, call: Call | None = None) -> Json:
    """The buyer has answered the challenge. Raises StripeError when none is open."""
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "No authentication is asked for.")
    method = standin.ledger.get("payment_method", intent["payment_method"])
    intent["next_action"] = None
    if passed:
        authorise(standin, intent, method, call)
    else:
        error = {
            "code": "payment_intent_authentication_failure",
            "message": AUTHENTICATION_FAILED,
            "payment_method": dict(method),
            "type": "invalid_request_error",
        }
        fail(standin, intent, error, call)
    return intent


def return_url(back: str, intent: Json) -> str:
    """Where the buyer goes after a redirect, with what came of it in the query."""
    paid = intent["status"] in ("succeeded", "requires_capture")
    told = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if paid else "failed",
    }
    return f"{back}{'&' if '?' in back else '?'}{urlencode(told)}"


def wait_for_the_bank(standin: StandIn, call: Call, intent: Json) -> Json:
    """Some payments are decided only later."""
    intent |= {"status": "processing", "processing": {"type": "card", "card": {}}}
    standin.ledger.save(intent)
    standin.tell("payment_intent.processing", intent, call)
    standin.later(partial(decide, standin, intent))
    return intent


def decide(standin: StandIn, intent: Json) -> None:
    """The bank's late answer; nothing when the intent has moved on."""
    if intent["status"] == "processing":
        intent["processing"] = None
        method = standin.ledger.get("payment_method", intent["payment_method"])
        authorise(standin, intent, method, None)


def authorise(standin: StandIn, intent: Json, method: Json, call: Call | None) -> Refusal | None:
    """Put the amount on the card; with automatic capture take it at once."""
    charge = charges.authorise(standin, intent, method)
    refusal = charges.card_of(method).refusal
    if refusal:
        standin.tell("charge.failed", charge, call)
        fail(standin, intent, error_of(refusal, method, charge), call)
    elif intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        standin.ledger.save(intent)
        standin.tell("charge.succeeded", charge, call)
        standin.tell("payment_intent.amount_capturable_updated", intent, call)
    else:
        charges.settle(standin, charge, intent["amount"])
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        standin.ledger.save(intent)
        standin.tell("charge.succeeded", charge, call)
        standin.tell("payment_intent.succeeded", intent, call)
    return refusal


def fail(standin: StandIn, intent: Json, error: Json, call: Call | None) -> None:
    """Back to the start: another payment method may be tried."""
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error,
    }
    standin.ledger.save(intent)
    standin.tell("payment_intent.payment_failed", intent, call)


def error_of(refusal: Refusal, method: Json, charge: Json | None = None) -> Json:
    error = {
        "code": refusal.code,
        "decline_code": refusal.decline_code,
        "message": refusal.message,
        "payment_method": dict(method),
        "type": "card_error",
    }
    return error | ({"charge": charge["id"]} if charge else {})


def declined(intent: Json) -> StripeError:
    """The same refusal as an answer: 402, with the intent as it is now."""
    known = dict(intent["last_payment_error"])
    message, code, kind = known.pop("message"), known.pop("code"), known.pop("type")
    return StripeError(402, message, code=code, kind=kind, payment_intent=dict(intent), **known)
