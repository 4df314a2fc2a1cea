"""What a guest can be doing when the lights go out, and calls that are told where to die."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.books import Books
from benchmarks.guests import Guest
from benchmarks.product import PATIENCE, Product

NOWHERE = "nowhere"
WARM = 6  # calls, until one meets a worker that has done the like before


class Scene:
    """A product, and guests and seats that nobody has used yet."""

    def __init__(self, shop: Product, books: Books, stage: dict[str, Any]) -> None:
        self.shop = shop
        self.books = books
        self.tokens: Iterator[str] = iter(stage["tokens"])
        labels = stage["labels"]
        self.pairs = (
            (showtime, labels[n : n + 2])
            for showtime in stage["showtimes"]
            for n in range(0, len(labels) - 1, 2)
        )

    def guest(self, *, timeout: float = 30.0) -> Guest:
        return Guest([self.shop.url], self.shop.stripe.url, next(self.tokens), timeout=timeout)


@dataclass(frozen=True)
class Brink:
    """A guest about to send a call that concerns these seats. `ends` are the states it may lead to
    when the guest does not give up."""

    guest: Guest
    showtime: int
    seats: Sequence[str]
    method: str
    path: str
    body: dict[str, Any] | None
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when there was none; `places` are those that the request came to."""

    status: int
    body: Any
    places: Sequence[str]


def send(brink: Brink, url: str, *, timeout: float = 60.0, **orders: str) -> Answer:
    """One call with an order for `crashing_wsgi`: die_at="after COMMIT#1"."""
    to = urlsplit(url)
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {brink.guest.token}",
        **{f"X-{name.replace('_', '-').title()}": place for name, place in orders.items()},
    }
    body = None if brink.body is None else json.dumps(brink.body)
    connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=timeout)
    try:
        _connect(connection)
        connection.request(brink.method, brink.path, body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read() or b"null")
        return Answer(answer.status, told, (answer.headers["X-Places"] or "").split("|"))
    except (OSError, http.client.HTTPException):
        return Answer(0, None, ())
    finally:
        connection.close()


def deaths(shop: Product) -> int:
    """How many workers have died by order so far."""
    record = Path(shop.environment["VAR_DIR"]) / "deaths"
    return record.read_text().count("\n") if record.exists() else 0


def _connect(connection: http.client.HTTPConnection) -> None:
    """As soon as somebody listens: the web server may be starting again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return connection.connect()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def places_of(scene: Scene, deed: str) -> Sequence[str]:
    """Every place that a deed comes to. Cold workers come to more: the shortest way counts."""
    answers = [send(DEEDS[deed](scene), scene.shop.url, die_at=NOWHERE) for _n in range(WARM)]
    return min((answer.places for answer in answers), key=len)


def chosen(places: Sequence[Any], at_most: int | None) -> Sequence[Any]:
    """All, or so many from end to end."""
    if at_most is None or at_most >= len(places):
        return places
    return [places[(2 * n + 1) * len(places) // (2 * at_most)] for n in range(at_most)]


def _hold(scene: Scene) -> Brink:
    showtime, seats = next(scene.pairs)
    return _wish(scene.guest(), showtime, seats)


def _hold_others(scene: Scene) -> Brink:
    guest = scene.guest()
    showtime, seats = next(scene.pairs)
    guest.hold(showtime, seats[:1])
    return _wish(guest, showtime, seats[1:])


def _settle(scene: Scene) -> Brink:
    guest, showtime, seats, intent, _reservation = _paid(scene)
    body = {"paymentIntentId": intent}
    return Brink(guest, showtime, seats, "POST", "/reservations", body, ("confirmed",))


def _settle_too_late(scene: Scene) -> Brink:
    """The hold is over and somebody else has the seats; only then the card is authorised."""
    guest = scene.guest()
    showtime, seats = next(scene.pairs)
    intent = guest.hold(showtime, seats)[1]["paymentIntentId"]
    scene.books.end_holds([guest.id])
    scene.guest().hold(showtime, seats)
    guest.pay(intent)
    ends = ("lapsed", "cancelled")
    body = {"paymentIntentId": intent}
    return Brink(guest, showtime, seats, "POST", "/reservations", body, ends)


def _cancel_hold(scene: Scene) -> Brink:
    guest = scene.guest()
    showtime, seats = next(scene.pairs)
    reservation = guest.hold(showtime, seats)[1]["reservation"]["id"]
    path = f"/reservations/{reservation}"
    return Brink(guest, showtime, seats, "DELETE", path, None, ("cancelled",))


def _cancel_sale(scene: Scene) -> Brink:
    guest, showtime, seats, intent, reservation = _paid(scene)
    guest.settle(intent)
    path = f"/reservations/{reservation}"
    return Brink(guest, showtime, seats, "DELETE", path, None, ("cancelled",))


def _wish(guest: Guest, showtime: int, seats: Sequence[str]) -> Brink:
    body = {"showtimeId": showtime, "seats": list(seats)}
    path = "/payment/create-payment-intent"
    return Brink(guest, showtime, seats, "POST", path, body, ("held",))


def _paid(scene: Scene) -> tuple[Guest, int, Sequence[str], str, int]:
    guest = scene.guest()
    showtime, seats = next(scene.pairs)
    held = guest.hold(showtime, seats)[1]
    guest.pay(held["paymentIntentId"])
    return guest, showtime, seats, held["paymentIntentId"], held["reservation"]["id"]


DEEDS: dict[str, Callable[[Scene], Brink]] = {
    "hold": _hold,
    "hold other seats": _hold_others,
    "settle": _settle,
    "settle, seats lost": _settle_too_late,
    "cancel a hold": _cancel_hold,
    "cancel a sale": _cancel_sale,
}
