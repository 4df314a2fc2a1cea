"""The product's WSGI application called in this process, as a web server would call it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from benchmarks.guests import STANDIN_KEY
from benchmarks.wire import Wire

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Counter:
    """Where one guest after the other holds, pays, settles, cancels and reads."""

    def __init__(self) -> None:
        from moviereservation.wsgi import application  # sets Django up, with this environment

        self.application: Application = application
        self.host = urlsplit(os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ['PORT']}")
        self.stripe = Wire(os.environ["STRIPE_API_BASE"])

    def hold(self, token: str, showtime: int, seats: list[str]) -> tuple[int, str]:
        """The key of the reservation, and the id of its intent."""
        wish = {"showtimeId": showtime, "seats": seats}
        answer = self._told("POST", "/payment/create-payment-intent", wish, token)
        return answer["reservation"]["id"], answer["paymentIntentId"]

    def pay(self, intent: str) -> None:
        path = f"/v1/payment_intents/{intent}/confirm"
        status, _body = self.stripe.form(path, key=STANDIN_KEY, payment_method="pm_card_visa")
        if status != 200:
            raise RuntimeError(f"Stripe answered {status}.")

    def settle(self, token: str, intent: str) -> None:
        self._told("POST", "/reservations", {"paymentIntentId": intent}, token)

    def cancel(self, token: str, reservation: int) -> None:
        self._told("DELETE", f"/reservations/{reservation}", None, token)

    def read(self, path: str, token: str = "") -> None:
        status, _body = self.ask("GET", path, b"", token)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}.")

    def ask(self, method: str, path: str, body: bytes, token: str) -> tuple[int, bytes]:
        seen: list[str] = []
        answer = self.application(
            self._environ(method, path, body, token), lambda status, _headers: seen.append(status)
        )
        data = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return int(seen[0].split()[0]), data

    def _told(self, method: str, path: str, body: Any, token: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        status, answer = self.ask(method, path, data, token)
        if status not in (200, 201):
            raise RuntimeError(f"{method} {path} was answered {status}: {answer[:500]!r}")
        return json.loads(answer)

    def _environ(self, method: str, path: str, body: bytes, token: str) -> dict[str, Any]:
        path_info, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path_info,
            "QUERY_STRING": query, "SERVER_NAME": self.host.hostname,
            "SERVER_PORT": str(self.host.port), "HTTP_HOST": self.host.netloc,
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "HTTP_ACCEPT": "application/json",
        }  # fmt: skip
        if body:
            environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return environ
