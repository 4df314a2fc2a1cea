"""webhooks: every order and repetition of one checkout's events has one end: one capture, one sale.

    python -m benchmarks webhooks             a sample of the orders
    python -m benchmarks webhooks --long      all of them

Stripe's events are kept back at the stand-in and delivered one by one, once or twice, before,
between and after the guest's own calls, while these wait for their answer, or without them,
because the browser was closed. One that does not exist yet at its turn comes as soon as it does.
No housekeeping helps.
"""

from __future__ import annotations

import functools
import itertools
import random
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks import product, table
from benchmarks.books import Books
from benchmarks.deeds import Scene
from benchmarks.guests import Guest

# What Stripe sends about a card that is authorised and then captured, and what the guest does.
SALE = (
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
    "charge.captured",
    "payment_intent.succeeded",
)
AFTER_A_CANCEL = ("payment_intent.canceled", "refund.created", "charge.refunded")
SETTLE, CANCEL = "the guest settles", "the guest cancels"
AT_ONCE = 4  # checkouts
CAPTURE_TAKES = 0.3  # seconds, where webhooks are to overtake its answer
SOON = 20.0

Order = Sequence[str]


@dataclass(frozen=True)
class Kind:
    """Some orders, and how they are delivered. All of them must end in the state `end`."""

    name: str
    orders: Sequence[Order]
    copies: int = 1
    meanwhile: bool = False  # while the guest's own call waits for Stripe
    at_once: bool = False
    end: str = "confirmed"


@dataclass
class Outcome:
    deliveries: int = 0
    guests: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--long", action="store_true", help="every order there is")
    parser.add_argument("--seed", type=int, default=1)


def run(options: Namespace) -> bool:
    """Print the table; True if every order had the one end."""
    rows, fine = [], True
    with product.running(workers=2) as shop:
        kinds = _kinds(options.long, random.Random(options.seed))
        checkouts = sum(len(kind.orders) for kind in kinds)
        stage = shop.stage(guests=checkouts, showtimes=1 + checkouts // 100)
        books = Books(shop.environment["DATABASE_URL"], shop.stripe)
        scene = Scene(shop, books, stage)
        shop.stripe.webhooks(paused=True)
        for kind in kinds:
            row, right = _play_all(scene, kind)
            rows.append(row)
            fine &= right
        clean, report = shop.audit()
    head = ("orders of events", "checkouts", "deliveries", "captures", "refunds", "ended rightly",
            "seconds")  # fmt: skip
    print(table.drawn(head, rows))
    print(f"\naudit: {'clean' if clean else report}")
    return fine and clean


def _kinds(long: bool, chance: random.Random) -> list[Kind]:
    with_guest = list(itertools.permutations((*SALE, SETTLE)))
    closed = list(itertools.permutations(SALE))
    called_off = [_shuffled((*SALE, SETTLE, CANCEL, *AFTER_A_CANCEL), chance) for _n in range(720)]
    few = 6 if not long else len(with_guest)

    def some(orders: list[Order], most: int) -> list[Order]:
        return orders if most >= len(orders) else chance.sample(orders, most)

    return [
        Kind("around the guest's call", some(with_guest, few)),
        Kind("around it, each event twice", some(with_guest, few), copies=2),
        Kind("before the guest's call is answered", some(closed, few), meanwhile=True),
        Kind("without the guest: browser closed", some(closed, few)),
        Kind("all at once, ten times, with the guest", some(closed, few), 10, at_once=True),
        Kind("around a call that cancels", some(called_off, few), end="cancelled"),
    ]


def _shuffled(events: Order, chance: random.Random) -> Order:
    return chance.sample(events, len(events))


def _play_all(scene: Scene, kind: Kind) -> tuple[tuple[object, ...], bool]:
    stripe = scene.shop.stripe
    if kind.meanwhile:
        capture = "POST /v1/payment_intents/*/capture"
        stripe.fault(capture, "slow", after=True, seconds=CAPTURE_TAKES)
    began, outcome, lock = time.monotonic(), Outcome(), threading.Lock()

    def play(order: Order) -> None:
        with lock:
            guest, (showtime, seats) = scene.guest(), next(scene.pairs)
            outcome.guests.append(guest.id)
        checkout = Checkout(scene, guest, showtime, seats)
        checkout.play(order, kind)
        with lock:
            outcome.deliveries += checkout.deliveries
            outcome.wrong += checkout.wrong

    with ThreadPoolExecutor(AT_ONCE) as players:
        list(players.map(play, kind.orders))
    stripe.clear_faults()
    seconds = time.monotonic() - began
    captures, refunds = _judge(scene.books, kind, outcome)
    for wrong in outcome.wrong[:10]:
        print(f"WRONG {kind.name}: {wrong}")
    right = len(kind.orders) - len(outcome.wrong)
    row = (kind.name, len(kind.orders), outcome.deliveries, captures, refunds, right,
           f"{seconds:.0f}")  # fmt: skip
    return row, not outcome.wrong


class Checkout:
    """One guest who has paid, and the events of it."""

    def __init__(self, scene: Scene, guest: Guest, showtime: int, seats: Sequence[str]) -> None:
        self.stripe = scene.shop.stripe
        self.guest = guest
        held = guest.hold(showtime, seats)[1]
        self.intent, self.reservation = held["paymentIntentId"], held["reservation"]["id"]
        guest.pay(self.intent)
        self.deliveries = 0
        self.wrong: list[str] = []

    def play(self, order: Order, kind: Kind) -> None:
        deliver = functools.partial(self._in_turn, order, 1, SOON)
        if kind.at_once:
            self._together([lambda: self._do(SETTLE), *([deliver] * kind.copies)])
        elif kind.meanwhile:
            self._together([lambda: self._do(SETTLE), deliver])
        else:
            self._in_turn(order, kind.copies, 0)

    def _in_turn(self, order: Order, copies: int, patience: float) -> None:
        """One step after the other; what does not exist yet comes as soon as it does."""
        waiting: list[str] = []
        for step in order:
            if step in (SETTLE, CANCEL):
                self._do(step)
            else:
                waiting = self._deliver([*waiting, step], copies)
        until, left = time.monotonic() + patience, [*waiting, ""]
        while waiting and (len(waiting) < len(left) or time.monotonic() < until):
            if waiting == left:
                time.sleep(0.02)
            left, waiting = waiting, self._deliver(waiting, copies)

    def _deliver(self, wanted: list[str], copies: int) -> list[str]:
        """Deliver those that exist, in this order; the others."""
        there = self._events()
        for event in [there[kind] for kind in wanted if kind in there]:
            self._send([event] * copies)
        return [kind for kind in wanted if kind not in there]

    def _send(self, events: Sequence[str]) -> None:
        sent = self.stripe.send(*events)
        self.deliveries += len(sent)
        refused = [one for one in sent if one["result"] != 200]
        self.wrong += [f"{one['type']} was answered {one['result']}" for one in refused]

    def _events(self) -> dict[str, str]:
        """The ids of this checkout's events so far, by type."""
        found = {}
        for event in self.stripe.events():
            about = event["data"]["object"]
            if self.intent in (about["id"], about.get("payment_intent")):
                found[event["type"]] = event["id"]
        return found

    def _do(self, step: str) -> None:
        if step == CANCEL:
            status, told = self.guest.cancel(self.reservation)
        else:
            status, told = self.guest.settle(self.intent)
        if status not in (200, 201, 409):
            self.wrong.append(f"{step}: {status} {told}")

    def _together(self, jobs: Sequence[Callable[[], None]]) -> None:
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _judge(books: Books, kind: Kind, outcome: Outcome) -> tuple[int, int]:
    """Captures and refunds in all; adds to `outcome.wrong` what has not ended as it must."""
    captures = Counter(
        event["data"]["object"]["payment_intent"] for event in books.events("charge.captured")
    )
    refunds = total = 0
    for entry in books.entries(outcome.guests):
        total += captures[entry.intent_id]
        refunds += entry.refunds
        if entry.state != kind.end or not entry.is_settled or captures[entry.intent_id] > 1:
            outcome.wrong.append(f"{entry}, captured {captures[entry.intent_id]} ×")
    return total, refunds
