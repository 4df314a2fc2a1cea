"""A guest of the demo cinema with cookies, as a browser has them: logs in, buys a ticket, looks."""

from __future__ import annotations

import json
import re
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from benchmarks.product import Product

EMAIL, PASSWORD = "guest@example.org", "demo-cinema-1895"


class Visit:
    """One browser at the demo's front door."""

    def __init__(self, shop: Product) -> None:
        self.shop = shop
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    @property
    def cookies(self) -> str:
        """As a `Cookie` header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def log_in(self) -> None:
        self.form("/account/log-in/", email=EMAIL, password=PASSWORD)

    def pages(self) -> dict[str, str]:
        """What is measured, by name: paths. The movie is the one whose seats are looked at."""
        front = self.read("/")
        movie = _first(r'href="(/whats-on/[^"]+/)"', front)
        return {
            "what's on": "/",
            "movie": movie,
            "seats": _first(r'href="(/book/\d+/)"', self.read(movie)),
            "ticket": self.buy(),
        }

    def buy(self) -> str:
        """Two seats of tomorrow's first showtime, paid for through the API; the ticket's path."""
        told = self.api("POST", "/auth/login", {"email": EMAIL, "password": PASSWORD})
        token = told["token"]
        movies = self.api("GET", "/movies?showing=now", token=token)
        shown = (self.api("GET", f"/movies/{m['id']}/showtimes", token=token) for m in movies)
        showtime = next(one for times in shown for one in times if one["seatsAvailable"] > 20)
        wish = {"showtimeId": showtime["id"], "seats": 2}
        held = self.api("POST", "/payment/create-payment-intent", wish, token=token)
        self.shop.stripe.confirm(held["paymentIntentId"])
        paid = {"paymentIntentId": held["paymentIntentId"]}
        booked = self.api("POST", "/reservations", paid, token=token)
        return f"/bookings/{booked['reference']}/"

    def read(self, path: str) -> str:
        with self.opener.open(self.shop.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def form(self, path: str, **fields: str) -> None:
        """Send a page's form with its own token."""
        token = _first(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(path))
        data = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        self.opener.open(self.shop.url + path, data, timeout=30).close()

    def api(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.shop.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())


def _first(pattern: str, html: str) -> str:
    found = re.search(pattern, html)
    if found is None:
        raise RuntimeError(f"The page has nothing like {pattern}")
    return found[1]
