"""One call of Stripe's API from its bytes to its answer."""

import json
import logging
from typing import Any

from . import access, forms, identifiers, routes, trouble
from .calls import Answer, Call
from .errors import StripeError, invalid
from .expanding import check, expand
from .faults import Rule
from .fields import Fields
from .intents import for_browser
from .settings import API_VERSION
from .standin import StandIn, now

LARGEST_BODY = 1_000_000

logger = logging.getLogger("tools.standin")


def answer(standin: StandIn, environ: dict[str, Any]) -> Answer:
    """Read the call, do what it asks, say what came of it. Raises trouble.ConnectionCut only."""
    call = Call(environ["REQUEST_METHOD"], environ["PATH_INFO"].rstrip("/"), Fields({}))
    call.request_id = identifiers.new("req", 14)
    call.idempotency_key = environ.get("HTTP_IDEMPOTENCY_KEY") or None
    try:
        read(standin, call, environ)
        reply = perform(standin, call)
    except StripeError as error:
        reply = Answer(error.status, wire(error.body()).encode())
    except trouble.ConnectionCut:
        note(standin, call, None)
        raise
    except Exception:
        logger.exception("The stand-in itself failed on %s %s", call.method, call.path)
        failure = StripeError(500, "The stand-in itself failed; see its log.", kind="api_error")
        reply = Answer(500, wire(failure.body()).encode())
    note(standin, call, reply.status)
    reply.headers += headers(call, environ)
    return reply


def read(standin: StandIn, call: Call, environ: dict[str, Any]) -> None:
    query = environ.get("QUERY_STRING") or ""
    header = environ.get("HTTP_AUTHORIZATION") or ""
    body = ""
    if call.method == "POST":
        body = text_of(environ)
    call.fields = Fields(forms.parse("&".join(part for part in (query, body) if part)))
    call.public = access.is_public(header, call.fields.text("key"), standin.settings)
    call.base = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"


def text_of(environ: dict[str, Any]) -> str:
    """The body. It is read to its end in any case: a caller in mid-sentence hears no answer."""
    raw = environ["wsgi.input"].read()
    if len(raw) > LARGEST_BODY:
        raise StripeError(413, "The request is too large.", remember=False)
    try:
        text: str = raw.decode()
    except UnicodeDecodeError:
        raise invalid("The request is not valid UTF-8.") from None
    if text.lstrip().startswith("{"):
        raise invalid("The request body has to be form-encoded, not JSON.")
    return text


def perform(standin: StandIn, call: Call) -> Answer:
    """Do it once for each idempotency key, with the trouble that a fault rule asks for."""
    route, call.id = routes.find(call.method, call.path)
    if call.public and not route.public:
        raise access.secret_only()
    check(call.fields.items("expand"), route.kind, route.listed)
    rule = standin.faults.take(f"{call.method} {call.path}")
    reply = standin.memory.begin(call)
    if reply is None:
        try:
            trouble.before(rule, call)
            reply = carry_out(standin, route, call, rule)
        finally:
            standin.memory.release(call)
    trouble.after(rule)
    return reply


def carry_out(standin: StandIn, route: routes.Route, call: Call, rule: Rule | None) -> Answer:
    """The work itself, under the lock, committed at the end together with its answer."""
    with standin.ledger.change():
        try:
            if rule and rule.do == "refuse":
                raise trouble.refusal(standin, rule, call)
            status, remember = 200, True
            body = wire(shaped(standin, call, route.handler(standin, call)))
        except StripeError as error:
            status, remember = error.status, error.remember
            body = wire(error.body(for_browser if call.public else dict))
        if rule and rule.do == "error" and rule.after:
            status, body = rule.status or 500, wire(trouble.error(rule).body())
        if remember and call.idempotency_key and call.method == "POST":
            standin.memory.keep(call, status, body)
    return Answer(status, body.encode())


def shaped(standin: StandIn, call: Call, thing: dict[str, Any]) -> dict[str, Any]:
    if call.public and thing["object"] == "payment_intent":
        return for_browser(thing)
    return expand(standin.ledger, thing, call.fields.items("expand"))


def headers(call: Call, environ: dict[str, Any]) -> list[tuple[str, str]]:
    given = [
        ("Content-Type", "application/json"),
        ("Request-Id", call.request_id),
        ("Stripe-Version", environ.get("HTTP_STRIPE_VERSION") or API_VERSION),
        ("Cache-Control", "no-cache, no-store"),
        ("Access-Control-Allow-Origin", "*"),
    ]
    if call.idempotency_key:
        given.append(("Idempotency-Key", call.idempotency_key))
    return given


def note(standin: StandIn, call: Call, status: int | None) -> None:
    """Keep what was asked, for tests that count calls. Status is None when there was no answer."""
    standin.calls.append(
        {
            "method": call.method,
            "path": call.path,
            "status": status,
            "idempotency_key": call.idempotency_key,
            "at": now(),
        }
    )


def wire(thing: dict[str, Any]) -> str:
    return json.dumps(thing, separators=(",", ":"))
