"""The endpoints of Stripe's API that are here."""

from dataclasses import dataclass
from typing import Any

from . import capturing, charges, confirming, intents, payment_methods, refunds
from .access import prove
from .calls import Call, Handler
from .errors import StripeError
from .lists import creation, shown
from .standin import StandIn

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """`public` endpoints may also be called from a browser. They answer a `kind` of object."""

    handler: Handler
    kind: str
    listed: bool = False
    public: bool = False


def find(method: str, path: str) -> tuple[Route, str]:
    """The route and the id for `/v1/payment_intents/pi_1/capture`; StripeError 404 if none."""
    parts = path.strip("/").split("/")
    identifier = parts[2] if len(parts) > 2 else ""
    shape = " ".join([method, *parts[1:2], *([":id"] if identifier else []), *parts[3:]])
    if parts[0] != "v1" or shape not in ROUTES:
        raise StripeError(
            404, f"Unrecognized request URL ({method}: {path}).", code="url_invalid", remember=False
        )
    return ROUTES[shape], identifier


def retrieve_intent(standin: StandIn, call: Call) -> Json:
    intent = intents.retrieve(standin, call)
    if call.public:
        prove(intent, call)
    return intent


def retrieve_event(standin: StandIn, call: Call) -> Json:
    return standin.journal.get(call.id)


def list_events(standin: StandIn, call: Call) -> Json:
    """GET /v1/events, newest first; `type` may end in `*` as for Stripe."""
    fields = call.fields
    fields.only("type", "types", "limit", "starting_after", "created")
    kinds = [*fields.items("types"), *([kind] if (kind := fields.text("type")) else [])]
    fits = creation(fields)
    events = standin.journal.newest_first(fields.text("starting_after"))
    found = (
        event
        for event in events
        if fits(event["created"]) and (not kinds or any(matches(event, kind) for kind in kinds))
    )
    return shown(found, fields, "/v1/events")


def matches(event: Json, kind: str) -> bool:
    if kind.endswith("*"):
        return bool(event["type"].startswith(kind[:-1]))
    return bool(event["type"] == kind)


ROUTES = {
    "POST payment_intents": Route(intents.create, "payment_intent"),
    "GET payment_intents": Route(intents.list_all, "payment_intent", listed=True),
    "GET payment_intents :id": Route(retrieve_intent, "payment_intent", public=True),
    "POST payment_intents :id": Route(intents.update, "payment_intent"),
    "POST payment_intents :id confirm": Route(confirming.confirm, "payment_intent", public=True),
    "POST payment_intents :id capture": Route(capturing.capture, "payment_intent"),
    "POST payment_intents :id cancel": Route(capturing.cancel, "payment_intent"),
    "POST refunds": Route(refunds.create, "refund"),
    "GET refunds": Route(refunds.list_all, "refund", listed=True),
    "GET refunds :id": Route(refunds.retrieve, "refund"),
    "POST refunds :id": Route(refunds.update, "refund"),
    "GET charges": Route(charges.list_all, "charge", listed=True),
    "GET charges :id": Route(charges.retrieve, "charge"),
    "GET events": Route(list_events, "event", listed=True),
    "GET events :id": Route(retrieve_event, "event"),
    "POST payment_methods": Route(payment_methods.create, "payment_method", public=True),
    "GET payment_methods :id": Route(payment_methods.retrieve, "payment_method"),
}
