"""The WSGI application: Stripe's API, the control endpoint, and what a browser is served."""

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from . import api, control
from .calls import Answer
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

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            answer = self.route(environ)
        except ConnectionCut:
            start("200 OK", [("Content-Length", "1")])
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
        return Answer(404, b"Not found.\n", [("Content-Type", "text/plain")])


def cut() -> Iterator[bytes]:
    """The server ends the connection when the body breaks before its first byte."""
    raise ConnectionCut
    yield b""


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
