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
HESITATING = "benchmarks.hesitating_wsgi:application"
WITHOUT_KEY = (
    "ALTER TABLE reservations_reservedseat"
    " ADD INDEX in_place_of_the_key (showtime_id, seat_id), DROP INDEX a_seat_is_sold_once"
)
FOREIGN_KEY = (
    "SELECT constraint_name FROM information_schema.key_column_usage"
    " WHERE table_schema = DATABASE() AND table_name = 'reservations_reservedseat'"
    " AND referenced_table_name = 'showtimes_seat'"
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
    few = max(30, rounds // 20)
    stage = products[0].stage(guests=min(1200, GUESTS * rounds), showtimes=3 + rounds // 80)
    crowd = Crowd(products, stage, Books(nodes[0].url, products[0].stripe))
    rows = [
        crowd.buy("the product", rounds, killing=nodes if options.long else nodes[1:2]),
        _without_causal_reads(products, crowd, few),
    ]
    branches.open_all(products, application=HESITATING)
    rows.append(crowd.buy("everybody hesitates", few))
    _waited, unsettled = crowd.books.wait_until_settled(60)
    clean, report = products[0].audit()
    controls = _controls(crowd, few)
    unnoticed, _report = products[0].audit()
    head = ("", "rounds", "guests sold to", "seats sold twice", "404", "503 or none",
            "nodes killed", "longest pause s", "seconds")  # fmt: skip
    print(table.drawn(head, [row.cells() for row in (*rows, *controls)]))
    print(f"\naudit with the key: {'clean' if clean else report}")
    print(f"audit without it: {'CLEAN, AND MUST NOT BE' if unnoticed else 'broken, as it must be'}")
    wrong = [*(one for row in rows for one in row.wrong), *map(str, unsettled)]
    for one in wrong[:20]:
        print(f"WRONG {one}")
    oversold = controls[-1].twice > 0 and not unnoticed
    return clean and oversold and not (wrong or rows[0].unknown)


def _without_causal_reads(products: Sequence[Product], crowd: Crowd, rounds: int) -> Row:
    """Not a fault, but how often a guest is not known yet at the next node."""
    branches.open_all(products, causal=False)
    return crowd.buy("without wsrep_sync_wait", rounds)


def _controls(crowd: Crowd, rounds: int) -> list[Row]:
    """Without the key, and then without what else keeps seats on Galera.

    A node that applies a claim locks the seat that it refers to, and so breaks off a transaction
    of its own that has locked that seat. It is no guard to rely on: two that commit at the same
    moment both pass.
    """
    crowd.books.change(WITHOUT_KEY)
    without_key = crowd.buy("control: without the unique key", rounds)
    ((foreign_key,),) = crowd.books.query(FOREIGN_KEY)
    crowd.books.change(f"ALTER TABLE reservations_reservedseat DROP FOREIGN KEY {foreign_key}")
    return [without_key, crowd.buy("control: without unique and foreign key", rounds)]


@dataclass
class Row:
    """What came of some rounds. `unknown` counts guests that a node did not know of yet."""

    name: str
    rounds: int
    winners: int = 0
    twice: int = 0
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
        return (self.name, self.rounds, self.winners, self.twice, self.unknown, away, self.killed,
                f"{pause:.1f}", f"{self.seconds:.0f}")  # fmt: skip


class Crowd:
    """Guests who want the same seats at the same moment, each beginning at another node."""

    def __init__(self, products: Sequence[Product], stage: dict[str, Any], books: Books) -> None:
        self.books = books
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
        row, began, twice = Row(name, rounds), time.monotonic(), self._sold_twice()
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
        row.twice = self._sold_twice() - twice
        for guest in self.guests:
            row.statuses += guest.statuses
            guest.statuses.clear()
        return row

    def _sold_twice(self) -> int:
        ((seats,),) = self.books.query(CLAIMED_TWICE)
        return int(seats)

    def _round(self, pool: ThreadPoolExecutor, row: Row, *, want_one: bool) -> None:
        showtime, seats = next(self.pairs)
        for guest in self.guests:
            guest.token = next(self.tokens)
        together = threading.Barrier(GUESTS)
        won = list(pool.map(lambda g: _try(g, showtime, seats, together, row), self.guests))
        row.winners += sum(won)
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
    if (status := guest.pay(intent)) != 200:
        row.wrong.append(f"pay: {status}")
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
