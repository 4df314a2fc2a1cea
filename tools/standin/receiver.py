"""A webhook endpoint for tests: it writes down what it gets, and answers as it is told.

    with receiving() as shop, running(webhook_url=shop.url) as stripe:
        …
        shop.wait_for("payment_intent.succeeded")

Answers other than 200 are asked for with `shop.statuses`.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """One request as it came: raw body, `Stripe-Signature`, time of arrival, status we gave."""

    body: bytes
    signature: str
    at: float
    status: int

    @property
    def event(self) -> Json:
        event: Json = json.loads(self.body)
        return event

    @property
    def type(self) -> str:
        return str(self.event["type"])


class Shop:
    """What came, in order. The next answers are taken from `statuses`, then 200."""

    def __init__(self, url: str):
        self.url = url
        self.deliveries: list[Delivery] = []
        self.statuses: list[int] = []
        self.changed = threading.Condition()

    def receive(self, body: bytes, signature: str) -> int:
        with self.changed:
            status = self.statuses.pop(0) if self.statuses else 200
            self.deliveries.append(Delivery(body, signature, time.monotonic(), status))
            self.changed.notify_all()
        return status

    @property
    def types(self) -> list[str]:
        return [delivery.type for delivery in self.deliveries]

    def wait_for(self, kind: str, times: int = 1, seconds: float = 10) -> Delivery:
        """The last of `times` deliveries of this type; AssertionError when they do not come."""

        def came() -> list[Delivery]:
            return [delivery for delivery in self.deliveries if delivery.type == kind]

        with self.changed:
            enough = self.changed.wait_for(lambda: len(came()) >= times, seconds)
            assert enough, f"{kind} did not come {times} times, only {self.types}"
            return came()[times - 1]


@contextmanager
def receiving() -> Iterator[Shop]:
    """A listening endpoint on a free port of the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(shop.receive(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Tests need no log of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop = Shop(f"http://127.0.0.1:{server.server_port}/webhook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
