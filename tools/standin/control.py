"""The stand-in's own endpoint under /_standin: what it holds, and how it is to misbehave.

    GET    /_standin                      what it is, and counts of what it holds
    POST   /_standin/reset                forget payments, events, keys and faults
    GET    /_standin/calls                the last 1000 calls of the API
    GET    /_standin/faults               the rules in force
    POST   /_standin/faults               add a rule, see `faults.py`
    DELETE /_standin/faults[/:id]         take one away, or all
    GET    /_standin/webhooks             where webhooks go, what is held, the last attempts
    POST   /_standin/webhooks             {"url", "secret", "paused"}: change any of them
    POST   /_standin/webhooks/flush       {"order": sent|reverse|shuffled, "copies", "seed"}
    POST   /_standin/webhooks/send        {"events": [id, …]}: deliver these now, in this order
    POST   /_standin/authenticate/:intent {"passed": true}: answer the 3-D Secure challenge
    POST   /_standin/expire/:intent       let an authorisation lapse
    POST   /_standin/decide/:refund       {"status": succeeded|failed}: settle a refund

Only callers on this machine are heard.
"""

import json
import os
from collections import Counter
from typing import Any

from . import capturing, confirming, refunds
from .calls import Answer
from .delivery import ORDERS, Parcel
from .errors import StripeError
from .faults import BadRule
from .standin import StandIn

Json = dict[str, Any]


class BadRequest(ValueError):
    """The text says what is wrong."""


def answer(standin: StandIn, environ: dict[str, Any]) -> Answer:
    method, parts = environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/").split("/")[1:]
    try:
        wanted = told(environ) if method == "POST" else {}
        status, body = 200, perform(standin, method, parts, wanted)
    except (BadRequest, BadRule) as error:
        status, body = 400, {"error": str(error)}
    except (TypeError, ValueError):
        status, body = 400, {"error": "A value is of the wrong type."}
    except StripeError as error:
        status, body = error.status, error.body()
    except LookupError:
        status, body = 404, {"error": "There is no such control."}
    return Answer(status, json.dumps(body).encode(), [("Content-Type", "application/json")])


def told(environ: dict[str, Any]) -> Json:
    """The JSON body. Asking for the media type keeps out forms of strange web pages."""
    raw = environ["wsgi.input"].read()
    if not raw:
        return {}
    if not (environ.get("CONTENT_TYPE") or "").startswith("application/json"):
        raise BadRequest("Send application/json.")
    try:
        wanted = json.loads(raw)
    except ValueError as error:
        raise BadRequest(f"This is not JSON: {error}") from error
    if not isinstance(wanted, dict):
        raise BadRequest("Send a JSON object.")
    return wanted


def perform(standin: StandIn, method: str, parts: list[str], wanted: Json) -> Json:
    """LookupError when there is no such control."""
    name, rest = (parts[0] if parts else ""), parts[1:]
    if method == "GET":
        return READS[name](standin)
    if method == "DELETE" and name == "faults":
        return {"cleared": standin.faults.clear(int(rest[0]) if rest else None)}
    if method == "POST" and rest:
        return CHANGES_OF_ONE[name](standin, rest[0], wanted)
    if method == "POST":
        return CHANGES[name](standin, wanted)
    raise LookupError(method)


def only(wanted: Json, *names: str) -> None:
    for name in wanted:
        if name not in names:
            raise BadRequest(f"Unknown setting {name!r}; known are {', '.join(names)}.")


def summary(standin: StandIn) -> Json:
    with standin.ledger.change():
        rows = standin.ledger.rows
        counts: Json = {kind: len(things) for kind, things in rows.items()}
        statuses = Counter(intent["status"] for intent in rows["payment_intent"].values())
        captured = sum(charge["amount_captured"] for charge in rows["charge"].values())
        refunded = sum(
            refund["amount"] for refund in rows["refund"].values() if refund["status"] != "failed"
        )
        counts["event"] = len(standin.journal.bodies)
    return {
        "what": "A local stand-in for Stripe. It moves no money.",
        "pid": os.getpid(),
        "counts": counts,
        "payment_intents": dict(statuses),
        "captured": captured,
        "refunded": refunded,
        **faults(standin),
        "webhooks": webhooks(standin, attempts=False),
    }


def calls(standin: StandIn) -> Json:
    return {"calls": list(standin.calls)}


def faults(standin: StandIn) -> Json:
    return {"faults": [rule.shown() for rule in standin.faults.rules]}


def add_fault(standin: StandIn, wanted: Json) -> Json:
    return standin.faults.add(wanted).shown()


def reset(standin: StandIn, wanted: Json) -> Json:
    standin.reset()
    return {"reset": True}


def webhooks(standin: StandIn, attempts: bool = True) -> Json:
    courier = standin.courier
    shown: Json = {
        "url": courier.url,
        "paused": courier.paused,
        "under_way": courier.under_way,
        "held": [{"event": parcel.event, "type": parcel.kind} for parcel in courier.held],
    }
    return shown | ({"attempts": list(courier.attempts)} if attempts else {})


def set_webhooks(standin: StandIn, wanted: Json) -> Json:
    only(wanted, "url", "secret", "paused")
    for name, kinds in (("url", (str, type(None))), ("secret", (str,)), ("paused", (bool,))):
        if name in wanted:
            if not isinstance(wanted[name], kinds):
                raise BadRequest(f"{name!r} cannot be {wanted[name]!r}.")
            setattr(standin.courier, name, wanted[name])
    return webhooks(standin)


def webhooks_now(standin: StandIn, what: str, wanted: Json) -> Json:
    if what == "flush":
        only(wanted, "order", "copies", "seed")
        order, copies, seed = (wanted.get(name) for name in ("order", "copies", "seed"))
        if order not in (None, *ORDERS):
            raise BadRequest(f"'order' is one of {', '.join(ORDERS)}.")
        return {"sent": standin.courier.flush(order or "sent", int(copies or 1), int(seed or 0))}
    if what == "send":
        return {"sent": [send(standin, event) for event in wanted.get("events", [])]}
    raise LookupError(what)


def send(standin: StandIn, event_id: str) -> Json:
    with standin.ledger.change():
        kind = standin.journal.get(event_id)["type"]
        body = standin.journal.bodies[event_id]
    return standin.courier.deliver(Parcel(event_id, kind, body))


def authenticate(standin: StandIn, intent_id: str, wanted: Json) -> Json:
    with standin.ledger.change():
        intent = standin.ledger.get("payment_intent", intent_id)
        return confirming.authenticate(standin, intent, wanted.get("passed", True) is True)


def expire(standin: StandIn, intent_id: str, wanted: Json) -> Json:
    with standin.ledger.change():
        return capturing.expire(standin, standin.ledger.get("payment_intent", intent_id))


def decide(standin: StandIn, refund_id: str, wanted: Json) -> Json:
    if wanted.get("status") not in ("succeeded", "failed"):
        raise BadRequest("'status' is succeeded or failed.")
    with standin.ledger.change():
        refund = standin.ledger.get("refund", refund_id)
        return refunds.decide(standin, refund, wanted["status"])


READS = {"": summary, "calls": calls, "faults": faults, "webhooks": webhooks}
CHANGES = {"reset": reset, "faults": add_fault, "webhooks": set_webhooks}
CHANGES_OF_ONE = {
    "webhooks": webhooks_now,
    "authenticate": authenticate,
    "expire": expire,
    "decide": decide,
}
