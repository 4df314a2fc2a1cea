"""Whole bookings over HTTP: hold with an intent, pay at Stripe, settle; and what they cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from benchmarks.figures import crowd
from benchmarks.figures.crowd import STRIPE, Ask, Guest
from benchmarks.figures.meters import Trees
from benchmarks.figures.samples import Sample
from benchmarks.product import Product

CLIENTS = 8
ROWS, ROW = "ABCDEFGHJK", 40
HALL = "\n".join(f"{row}  {'s' * ROW}" for row in ROWS)  # two hundred pairs of seats
TEN = "A  ssssssssss"
JSON = "Content-Type: application/json\r\nAccept: application/json\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


class Order(NamedTuple):
    token: str
    showtime: int
    seats: Sequence[str]


class Paid(NamedTuple):
    token: str
    intent: str


@dataclass
class Hall:
    """Showtimes with pairs of seats that nobody has wanted yet, and guests who have none."""

    shop: Product
    trees: Trees
    tokens: Iterator[str]
    showtimes: Sequence[int]
    pairs: dict[int, Iterator[tuple[str, str]]]

    @classmethod
    def of(cls, shop: Product, stage: dict[str, Any]) -> Hall:
        labels = stage["labels"]
        pairs = {show: zip(labels[::2], labels[1::2], strict=True) for show in stage["showtimes"]}
        return cls(shop, Trees.of(shop), iter(stage["tokens"]), stage["showtimes"], pairs)

    def orders(self, number: int, showtimes: Sequence[int]) -> list[Order]:
        """So many, each of another guest for two seats, on the showtimes in turn."""
        shows = [showtimes[n % len(showtimes)] for n in range(number)]
        return [Order(next(self.tokens), show, next(self.pairs[show])) for show in shows]

    def play(
        self, name: str, guest: Callable[..., Guest], work: Sequence[Any], clients: int = CLIENTS
    ) -> Sample:
        """Have `work` done by so many guests at once; costs are for each piece of it."""
        desk = Desk.of(self.shop)
        guests = [guest(desk, work[n::clients]) for n in range(clients)]
        with self.trees.spent() as spent:
            played = crowd.unleash(desk.urls, guests)
        return Sample.of(name, len(work), played, spent)


@dataclass(frozen=True)
class Desk:
    """Where guests ask, in the shop and at Stripe."""

    shop_url: str
    stripe_url: str
    stripe_key: str

    @classmethod
    def of(cls, shop: Product) -> Desk:
        return cls(shop.url, shop.stripe.url, shop.stripe.secret_key)

    @property
    def urls(self) -> tuple[str, str]:
        return self.shop_url, self.stripe_url

    def hold(self, order: Order) -> Ask:
        wish = {"showtimeId": order.showtime, "seats": order.seats}
        return self._post("hold", "/payment/create-payment-intent", wish, order.token)

    def pay(self, intent: str) -> Ask:
        """As the guest's browser does, at Stripe."""
        body = urlencode({"payment_method": "pm_card_visa"}).encode()
        path = f"/v1/payment_intents/{intent}/confirm"
        data = crowd.request(
            "POST", self.stripe_url, path, body, token=self.stripe_key, headers=FORM
        )
        return Ask("pay", data, STRIPE)

    def settle(self, paid: Paid) -> Ask:
        return self._post("settle", "/reservations", {"paymentIntentId": paid.intent}, paid.token)

    def _post(self, step: str, path: str, body: Any, token: str) -> Ask:
        data = json.dumps(body).encode()
        return Ask(
            step, crowd.request("POST", self.shop_url, path, data, token=token, headers=JSON)
        )


def whole(desk: Desk, orders: Sequence[Order]) -> Guest:
    """Book, order after order."""
    for order in orders:
        status, answer = yield desk.hold(order)
        if status == 201:
            paid = Paid(order.token, json.loads(answer)["paymentIntentId"])
            yield desk.pay(paid.intent)
            yield desk.settle(paid)


def holding(desk: Desk, orders: Sequence[tuple[Order, list[Paid]]]) -> Guest:
    """Only hold; what is to be paid comes into each order's list."""
    for order, held in orders:
        status, answer = yield desk.hold(order)
        if status == 201:
            held.append(Paid(order.token, json.loads(answer)["paymentIntentId"]))


def paying(desk: Desk, held: Sequence[Paid]) -> Guest:
    for paid in held:
        yield desk.pay(paid.intent)


def settling(desk: Desk, held: Sequence[Paid]) -> Guest:
    for paid in held:
        yield desk.settle(paid)
