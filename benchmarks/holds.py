"""holds: how near a hold through the whole product comes to the same SQL straight on MariaDB.

    python -m benchmarks holds                600 holds a row
    python -m benchmarks holds --long         1000 holds a row, five times

One run measures, one after the other on the same servers: the insert under the unique key alone;
the same transaction through mysqlclient on 8 connections; then over HTTP with JWT holds that are
refused because they say nothing, and real ones, on many showtimes and on one, without the call to
Stripe (benchmarks/no_stripe.py). Ratios count, times do not: machines are noisy. CPU is what the
web workers used, user and system.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from benchmarks import product, table
from benchmarks.wire import Wire

PROCESSES, THREADS = 2, 4
ROW_OF_SEATS = 50
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
Work = Callable[[Any, Sequence[Any]], int]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--holds", type=int, default=600, help="for each row of the table")
    parser.add_argument("--rounds", type=int, default=1, help="the table so many times")
    parser.add_argument("--long", action="store_true")


def run(options: Namespace) -> bool:
    """Print the table; True if every hold was granted and nothing was sold twice."""
    if options.long:
        options.holds, options.rounds = 1000, 5
    clean = True
    for _round in range(options.rounds):
        with product.running(application="benchmarks.no_stripe:application") as shop:
            clean &= _round_of(shop, options.holds)
    return clean


def _round_of(shop: product.Product, holds: int) -> bool:
    rows = []
    showtimes = {"insert": 20, "transaction": 20, "warm": 20, "many": 20, "one": 1}
    stages = {name: _stage(shop, holds, number) for name, number in showtimes.items()}
    url = shop.environment["DATABASE_URL"]
    floors = {}
    for name, work in (("insert", _insert), ("transaction", _transaction)):
        done, seconds = _drive(url, work, list(_orders(stages[name], holds)))
        floors[name] = done / seconds
        rows.append((f"{name} through mysqlclient", done, f"{done / seconds:.0f}", "", ""))
    _drive(shop.url, _hold, list(_orders(stages["warm"], holds))[:200])
    rates = {}
    for name, what, work in OVER_HTTP:
        before = shop.web_cpu_seconds()
        done, seconds = _drive(shop.url, work, list(_orders(stages[name], holds)))
        cpu = 1000 * (shop.web_cpu_seconds() - before) / max(done, 1)
        rates[what] = done / seconds
        rows.append(
            (f"{what}, over HTTP", done, f"{rates[what]:.0f}",
             f"{rates[what] / floors['transaction']:.2f}", f"{cpu:.2f}")
        )  # fmt: skip
    print(table.drawn(("what", "done", "a second", "of the transaction", "app CPU ms"), rows))
    share = rates["hold, one showtime"] / rates["hold, many showtimes"]
    print(f"\none showtime reaches {share:.0%} of many\n")
    clean, report = shop.audit(stripe=False)
    granted = all(row[1] == holds for row in rows)
    if not clean or not granted:
        print(report)
    return clean and granted


def _stage(shop: product.Product, holds: int, showtimes: int) -> dict[str, Any]:
    seats = -(-2 * holds // showtimes)
    rows = [min(ROW_OF_SEATS, seats - first) for first in range(0, seats, ROW_OF_SEATS)]
    labels = [*LETTERS, *(a + b for a in LETTERS for b in LETTERS)]
    plan = "\n".join(f"{label}  {'s' * n}" for label, n in zip(labels, rows, strict=False))
    return shop.stage(guests=holds // showtimes + 1, showtimes=showtimes, plan=plan)


def _orders(stage: dict[str, Any], holds: int) -> Iterator[tuple[Any, ...]]:
    """(token, showtime, two labels, guest, the seats' keys): no two ever want the same."""
    pairs = zip(stage["labels"][::2], stage["labels"][1::2], strict=True)
    for turn, pair in enumerate(pairs):
        for number, showtime in enumerate(stage["showtimes"]):
            if turn < len(stage["tokens"]) and turn * len(stage["showtimes"]) + number < holds:
                keys = stage["seats"][number][2 * turn : 2 * turn + 2]
                yield stage["tokens"][turn], showtime, pair, stage["guests"][turn], keys


def _drive(url: str, work: Work, orders: Sequence[Any]) -> tuple[int, float]:
    """Do all orders on eight connections in two processes; how many were done, in how long."""
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(PROCESSES + 1), context.Queue()
    processes = [
        context.Process(target=_process, args=(url, work, orders[n::PROCESSES], gate, results))
        for n in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    gate.wait()
    began = time.perf_counter()
    done = sum(results.get() for _process_of_clients in processes)
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return done, seconds


def _process(url: str, work: Work, orders: Sequence[Any], gate: Any, results: Any) -> None:
    done = [0] * THREADS
    connect = Wire if url.startswith("http") else _mysql
    connections = [connect(url) for _n in range(THREADS)]

    def client(number: int) -> None:
        done[number] = work(connections[number], orders[number::THREADS])

    threads = [threading.Thread(target=client, args=(n,)) for n in range(THREADS)]
    gate.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(sum(done))


def _hold(wire: Wire, orders: Sequence[Any]) -> int:
    granted = 0
    for token, showtime, labels, _guest, _keys in orders:
        wish = {"showtimeId": showtime, "seats": labels}
        status, _answer = wire.json("POST", "/payment/create-payment-intent", wish, token=token)
        granted += status == 201
    return granted


def _malformed(wire: Wire, orders: Sequence[Any]) -> int:
    """What a hold costs before it is one: its log-in and its form, which is refused."""
    path = "/payment/create-payment-intent"
    return sum(wire.json("POST", path, {}, token=order[0])[0] == 400 for order in orders)


# The stage, what is done on it, and how.
OVER_HTTP = (
    ("many", "refused at the form", _malformed),
    ("many", "hold, many showtimes", _hold),
    ("one", "hold, one showtime", _hold),
)


def _mysql(url: str) -> Any:
    import MySQLdb

    parts = urlsplit(url)
    return MySQLdb.connect(
        host=parts.hostname, port=parts.port, user=parts.username, password=parts.password,
        database=parts.path.strip("/"), charset="utf8mb4",
        init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )  # fmt: skip


def _insert(connection: Any, orders: Sequence[Any]) -> int:
    """Reservation and claims under the unique key, nothing else."""
    for order in orders:
        with connection.cursor() as cursor:
            _write(cursor, order)
        connection.commit()
    return len(orders)


def _transaction(connection: Any, orders: Sequence[Any]) -> int:
    """Lock, look, write, as `booking.hold` does."""
    for order in orders:
        _token, showtime, _labels, _guest, keys = order
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM showtimes_seat WHERE id IN (%s, %s) ORDER BY id FOR UPDATE", keys
            )
            cursor.fetchall()
            cursor.execute(
                "SELECT c.seat_id, r.state, r.held_until FROM reservations_reservedseat c"
                " JOIN reservations_reservation r ON r.id = c.reservation_id"
                " WHERE c.showtime_id = %s AND c.live = 1 AND c.seat_id IN (%s, %s)",
                [showtime, *keys],
            )
            cursor.fetchall()
            _write(cursor, order)
        connection.commit()
    return len(orders)


def _write(cursor: Any, order: Sequence[Any]) -> None:
    token, showtime, _labels, guest, keys = order
    reference = f"{hash((token, showtime)) & 0xFFFFFFFFFF:010X}"
    cursor.execute(
        "INSERT INTO reservations_reservation (reference, guest_id, showtime_id, state, holding,"
        " held_until, extensions, amount, currency, cancellable_until, created_at)"
        " VALUES (%s, %s, %s, 'held', 1, UTC_TIMESTAMP() + INTERVAL 10 MINUTE, 0, 2400, 'usd',"
        " UTC_TIMESTAMP() + INTERVAL 2 DAY, UTC_TIMESTAMP())",
        [reference, guest, showtime],
    )
    reservation = cursor.lastrowid
    cursor.execute(
        "INSERT INTO reservations_reservedseat (reservation_id, showtime_id, seat_id, price, live,"
        " ticket_id) VALUES (%s, %s, %s, 1200, 1, %s), (%s, %s, %s, 1200, 1, %s)",
        [reservation, showtime, keys[0], f"{reference}0",
         reservation, showtime, keys[1], f"{reference}1"],
    )  # fmt: skip
