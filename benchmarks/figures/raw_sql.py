"""The SQL of a whole booking straight through mysqlclient: the floor under what a booking costs.

The same rows in the same four transactions as the product writes, each sent in as few trips as it
can be, on eight connections, in a copy of the product's tables with their keys; no person is
checked, nothing is asked at Stripe, nothing is answered.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from MySQLdb.constants import CLIENT

from benchmarks.buyers import Outcome
from benchmarks.figures.crowd import Played
from benchmarks.figures.meters import Trees, connect
from benchmarks.figures.raw_tables import COPY, NOW, Statements, copy, inserts
from benchmarks.figures.samples import Sample

CONNECTIONS = 8
SESSION = "SET SESSION tx_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 5"


class Order(NamedTuple):
    guest: int
    showtime: int
    seats: tuple[int, int]


@dataclass
class Floor:
    """A copy of the product's tables, and pairs of seats there."""

    url: str
    trees: Trees
    statements: Statements
    orders: Iterator[Order]

    @classmethod
    def of(cls, database_url: str, trees: Trees, stage: dict[str, Any]) -> Floor:
        """Copy the tables as they are, with the rows of what was staged."""
        connection = connect(database_url)
        tables = copy(connection)
        statements = inserts(connection, tables)
        connection.close()
        shows = list(zip(stage["showtimes"], stage["seats"], strict=True))
        guests = itertools.cycle(stage["guests"])
        turns = range(0, len(stage["labels"]) - 1, 2)
        orders = (
            Order(next(guests), show, (seats[n], seats[n + 1]))
            for n in turns
            for show, seats in shows
        )
        url = database_url.rpartition("/")[0] + f"/{COPY}"
        return cls(url, trees, statements, orders)

    def sample(self, number: int) -> Sample:
        """So many bookings. Steps: `hold`, `settle`."""
        orders = list(itertools.islice(self.orders, number))
        with self.trees.spent() as spent:
            played = _unleash(self.url, self.statements, orders)
        return Sample.of("raw SQL", number, played, spent)


def _unleash(url: str, statements: Statements, orders: Sequence[Order]) -> Played:
    connections = [
        connect(url, client_flag=CLIENT.MULTI_STATEMENTS, init_command=SESSION)
        for _n in range(CONNECTIONS)
    ]
    outcomes = [Outcome() for _connection in connections]
    shares = [orders[n::CONNECTIONS] for n in range(CONNECTIONS)]
    began, before = time.perf_counter(), time.process_time()
    try:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(_book, connections, itertools.repeat(statements), shares, outcomes))
        seconds, cpu = time.perf_counter() - began, time.process_time() - before
    finally:
        for connection in connections:
            connection.close()
    total = Outcome()
    for outcome in outcomes:
        total.add(outcome)
    return Played(total, seconds, cpu)


def _book(
    connection: Any, statements: Statements, orders: Sequence[Order], outcome: Outcome
) -> None:
    for order in orders:
        began = time.perf_counter()
        payment, reservation = _hold(connection, statements, order)
        held = time.perf_counter()
        _settle(connection, statements, order, payment, reservation)
        outcome.note("hold", 200, held - began)
        outcome.note("settle", 200, time.perf_counter() - held)


def _hold(connection: Any, make: Statements, order: Order) -> tuple[int, int]:
    reference = f"{order.showtime % 9999:04}{order.seats[0] % 999999:06}"
    first, second = order.seats
    _run(
        connection,
        "START TRANSACTION",
        f"SELECT id FROM showtimes_seat WHERE id IN ({first}, {second}) ORDER BY id FOR UPDATE",
        "SELECT c.seat_id, r.state, r.held_until FROM reservations_reservedseat c"
        " JOIN reservations_reservation r ON r.id = c.reservation_id"
        f" WHERE c.showtime_id = {order.showtime} AND c.live = 1"
        f" AND c.seat_id IN ({first}, {second})",
    )
    claims = [
        make.claim.format(showtime=order.showtime, seat=seat, ticket=f"{reference}{side}")
        for side, seat in enumerate(order.seats)
    ]
    ids = _run(
        connection,
        make.payment.format(guest=order.guest, reference=reference),
        "SET @payment = LAST_INSERT_ID()",
        make.reservation.format(reference=reference, guest=order.guest, showtime=order.showtime),
        "SET @reservation = LAST_INSERT_ID()",
        f"{claims[0]}, {claims[1].partition(' VALUES ')[2]}",
        "SELECT @payment, @reservation",
        "COMMIT",
    )
    payment, reservation = map(int, ids[0])
    _run(
        connection,
        f"UPDATE payments_payment SET intent_id = 'pi_{reference}', client_secret = 'secret',"
        f" looked_at = {NOW} WHERE id = {payment}",
    )
    return payment, reservation


def _settle(
    connection: Any, make: Statements, order: Order, payment: int, reservation: int
) -> None:
    seats = ", ".join(map(str, order.seats))
    _run(
        connection,
        "SELECT r.state, r.amount, p.status, c.seat_id, c.price, c.ticket_id, s.row, s.number"
        " FROM payments_payment p JOIN reservations_reservation r ON r.payment_id = p.id"
        " JOIN reservations_reservedseat c ON c.reservation_id = r.id"
        f" JOIN showtimes_seat s ON s.id = c.seat_id WHERE p.id = {payment} ORDER BY s.y, s.x",
    )
    _run(
        connection,
        "START TRANSACTION",
        f"SELECT id FROM showtimes_seat WHERE id IN ({seats}) ORDER BY id FOR UPDATE",
        "UPDATE reservations_reservation SET state = 'pinned', holding = NULL"
        f" WHERE id = {reservation} AND state = 'held'",
        make.change.format(reservation=reservation, was="held", to="pinned"),
        f"UPDATE payments_payment SET status = 'requires_capture' WHERE id = {payment}",
        "COMMIT",
    )
    entries = [make.entry.format(payment=payment, line=line) for line in range(3)]
    values = ", ".join([entries[0], *(entry.partition(" VALUES ")[2] for entry in entries[1:])])
    _run(
        connection,
        "START TRANSACTION",
        f"UPDATE reservations_reservation SET state = 'confirmed', confirmed_at = {NOW},"
        f" acknowledged_at = {NOW} WHERE id = {reservation} AND state = 'pinned'",
        make.change.format(reservation=reservation, was="pinned", to="confirmed"),
        "UPDATE payments_payment SET status = 'succeeded', amount_captured = 2400"
        f" WHERE id = {payment}",
        values,
        make.message.format(reservation=reservation),
        "COMMIT",
    )


def _run(connection: Any, *statements: str) -> list[Any]:
    """All in one trip; the rows of all."""
    connection.query("; ".join(statements).encode())
    rows: list[Any] = []
    while True:
        result = connection.store_result()
        if result is not None:
            rows += result.fetch_row(0)
        if connection.next_result() < 0:
            return rows
