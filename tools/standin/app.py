"""The WSGI application: Stripe's API, the control endpoint, and what a browser is served."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from . import api, confirming, control, pages, refunds
from .calls import Answer
from .delivery import Parcel
from .settings import Settings
from .standin import StandIn
from .trouble import ConnectionCut

PREFLIGHT = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, POST"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key"),
    ("Access-Control-Max-Age", "600"),
]
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class App:
    """One stand-in behind WSGI."""

    def __init__(self, settings: Settings):
        self.standin = StandIn(settings)
        resume(self.standin)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            answer = self.route(environ)
        except ConnectionCut:
            start("502 Bad Gateway", [("Content-Length", "1"), PREFLIGHT[0]])
            return cut()
        start(f"{answer.status} {phrase(answer.status)}", answer.headers)
        return [answer.body]

    def route(self, environ: dict[str, Any]) -> Answer:
        path = environ["PATH_INFO"]
        if path.startswith("/v1/"):
            if environ["REQUEST_METHOD"] == "OPTIONS":
                return Answer(204, b"", PREFLIGHT)
            return api.answer(self.standin, environ)
        if environ["REMOTE_ADDR"] in LOOPBACK and path.split("/")[1] == "_standin":
            return control.answer(self.standin, environ)
        return pages.answer(self.standin, environ)


def resume(standin: StandIn) -> None:
    """After a restart: what was to come later still comes."""
    with standin.ledger.change():
        for event in list(standin.journal.waiting):
            kind, body = standin.journal.get(event)["type"], standin.journal.bodies[event]
            standin.courier.enqueue(Parcel(event, kind, body), 0)
        for intent in standin.ledger.rows["payment_intent"].values():
            if intent["status"] == "processing":
                standin.later(partial(confirming.decide, standin, intent))
        for refund in standin.ledger.rows["refund"].values():
            refunds.follow(standin, refund)


def cut() -> Iterator[bytes]:
    """A body that breaks before its first byte: then the server ends the connection.

    Mostly nothing was sent by then; at times the status line was, and the body is missed.
    """
    yield from map(breaking, [b""])


def breaking(part: bytes) -> bytes:
    raise ConnectionCut


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
