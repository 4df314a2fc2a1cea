"""cluster: buyers at three MariaDB Galera nodes want the same seats while a node is killed.

    python -m benchmarks cluster              some hundred rounds, one node killed
    python -m benchmarks cluster --long       thousands, each node killed in turn

In each round six guests, two at each node's own web server, want the same two seats at the same
moment; whoever gets them pays, and settles at another node. A row lock is not seen by the other
nodes: only the unique key keeps the seat. So there is a control, without it, that must oversell.
"""

from __future__ import annotations

import itertools
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from benchmarks import branches, galera, table
from benchmarks.books import Books
from benchmarks.galera import Node
from benchmarks.guests import Guest
from benchmarks.product import Product

GUESTS = 6  # at once
DOWN = 4.0  # seconds that a killed node stays away
WITHOUT_KEY = (
    "ALTER TABLE reservations_reservedseat"
    " ADD INDEX in_place_of_the_key (showtime_id, seat_id), DROP INDEX a_seat_is_sold_once"
)
CLAIMED_TWICE = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM reservations_reservedseat WHERE live"
    " GROUP BY showtime_id, seat_id HAVING COUNT(*) > 1) AS claimed_twice"
)


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, help="150; 3000 with --long")
    parser.add_argument("--long", action="store_true", help="kill every node in turn")
    parser.add_argument(
        "--skip-if-missing", action="store_true", help="end well where Galera cannot be had"
    )


def run(options: Namespace) -> bool:
    """Print the table; True if nothing was sold twice, and the control did sell twice."""
    try:
        with galera.running() as nodes, branches.running(nodes) as products:
            return _run(nodes, products, options)
    except galera.NoGalera as missing:
        print(f"The campaign was not run. {missing}")
        return bool(options.skip_if_missing)


def _run(nodes: Sequence[Node], products: Sequence[Product], options: Namespace) -> bool:
    rounds = options.rounds or (3000 if options.long else 150)
    few = max(30, rounds // 10)
    stage = products[0].stage(guests=min(1200, GUESTS * rounds), showtimes=2 + rounds // 80)
    crowd = Crowd(products, stage)
    books = Books(nodes[0].url, products[0].stripe)
    victims = list(nodes) if options.long else [nodes[1]]
    guarded = crowd.buy("with the unique key", rounds, killing=victims)
    branches.open_all(products, causal=False)
    stale = crowd.buy("with it, without wsrep_sync_wait", few)
    branches.open_all(products)
    _waited, unsettled = books.wait_until_settled(60)
    (twice,) = books.query(CLAIMED_TWICE)[0]
    clean, report = products[0].audit()
    books.change(WITHOUT_KEY)
    control = crowd.buy("control: without the key", few)
    (oversold,) = books.query(CLAIMED_TWICE)[0]
    unnoticed, _report = products[0].audit()
    head = ("", "rounds", "guests sold to", "in vain", "404", "503 or none", "nodes killed",
            "longest pause s", "seconds")  # fmt: skip
    print(table.drawn(head, [row.cells() for row in (guarded, stale, control)]))
    print(f"\nSeats sold twice with the key: {twice}; without it: {oversold}.")
    print(f"audit with the key: {'clean' if clean else report}")
    print(f"audit without it: {'CLEAN, AND MUST NOT BE' if unnoticed else 'broken, as it must be'}")
    wrong = [*guarded.wrong, *stale.wrong, *(f"not settled: {entry}" for entry in unsettled)]
    for one in wrong[:20]:
        print(f"WRONG {one}")
    return clean and not (wrong or twice or guarded.unknown) and oversold > 0 and not unnoticed


@dataclass
class Row:
    """What came of some rounds. `unknown` counts guests that a node did not know of yet."""

    name: str
    rounds: int
    winners: int = 0
    losers: int = 0
    unknown: int = 0
    killed: int = 0
    seconds: float = 0.0
    sold_at: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def cells(self) -> tuple[object, ...]:
        at = sorted(self.sold_at)
        pause = max((b - a for a, b in itertools.pairwise(at)), default=0.0)
        away = self.statuses[503] + self.statuses[0]
        return (self.name, self.rounds, self.winners, self.losers, self.unknown, away, self.killed,
                f"{pause:.1f}", f"{self.seconds:.0f}")  # fmt: skip


class Crowd:
    """Guests who want the same seats at the same moment, each beginning at another node."""

    def __init__(self, products: Sequence[Product], stage: dict[str, Any]) -> None:
        urls = [product.url for product in products]
        doors = [urls[n % len(urls) :] + urls[: n % len(urls)] for n in range(GUESTS)]
        self.tokens: Iterator[str] = itertools.cycle(stage["tokens"])
        self.guests = [
            Guest(these, products[0].stripe.url, next(self.tokens), timeout=20) for these in doors
        ]
        labels = stage["labels"]
        self.pairs = (
            (showtime, labels[n : n + 2])
            for showtime in stage["showtimes"]
            for n in range(0, len(labels) - 1, 2)
        )

    def buy(self, name: str, rounds: int, *, killing: Sequence[Node] = ()) -> Row:
        """So many rounds; meanwhile these nodes are killed and rejoin, one after the other."""
        row, began = Row(name, rounds), time.monotonic()
        kill_in = {rounds * (n + 1) // (len(killing) + 1): node for n, node in enumerate(killing)}
        killers: list[threading.Thread] = []
        with ThreadPoolExecutor(GUESTS) as pool:
            for number in range(rounds):
                if node := kill_in.get(number):
                    for killer in killers:
                        killer.join()
                    killers.append(threading.Thread(target=_kill, args=(node, row)))
                    killers[-1].start()
                self._round(pool, row, want_one=not name.startswith("control"))
        for killer in killers:
            killer.join()
        row.seconds = time.monotonic() - began
        for guest in self.guests:
            row.statuses += guest.statuses
            guest.statuses.clear()
        return row

    def _round(self, pool: ThreadPoolExecutor, row: Row, *, want_one: bool) -> None:
        showtime, seats = next(self.pairs)
        for guest in self.guests:
            guest.token = next(self.tokens)
        together = threading.Barrier(GUESTS)
        won = list(pool.map(lambda g: _try(g, showtime, seats, together, row), self.guests))
        row.winners += sum(won)
        row.losers += GUESTS - sum(won)
        if want_one and sum(won) != 1:
            row.wrong.append(f"{sum(won)} guests were sold {seats} of {showtime}")


def _try(
    guest: Guest, showtime: int, seats: Sequence[str], together: threading.Barrier, row: Row
) -> bool:
    """Whether this guest was sold the seats."""
    together.wait()
    status, held = guest.hold(showtime, seats)
    if status == 409:
        return False
    if status not in (200, 201):
        row.wrong.append(f"hold: {status} {held}")
        return False
    intent = held["paymentIntentId"]
    guest.pay(intent)
    while (answer := guest.settle(intent))[0] == 404:
        row.unknown += 1
    status, sold = answer
    if status not in (200, 201):
        row.wrong.append(f"settle: {status} {sold}")
        return False
    row.sold_at.append(time.monotonic())
    return True


def _kill(node: Node, row: Row) -> None:
    node.kill()
    row.killed += 1
    time.sleep(DOWN)
    node.start()
