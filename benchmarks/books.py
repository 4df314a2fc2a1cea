"""Our records and Stripe's side by side, read from outside of the product.

The audit asks whether what is written is consistent; this asks whether everything has ended, and
is read while the product is being killed.
"""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import MySQLdb

from tools.standin.process import Running

PORTION = 25  # webhooks in one call of the stand-in
# Intents as Stripe has them, and the amounts paid back, by the intent's id.
Money = tuple[dict[str, dict[str, Any]], dict[str, list[int]]]


@dataclass(frozen=True)
class Entry:
    """A reservation and its money: minor units, as Stripe has them. `intent` is Stripe's status."""

    id: int
    reference: str
    guest: int
    state: str
    amount: int
    intent_id: str | None
    intent: str | None
    received: int = 0
    refunded: int = 0
    refunds: int = 0

    @property
    def is_settled(self) -> bool:
        """Sold and paid once; or ended, with nothing authorised and nothing kept; or unpaid."""
        if self.state == "confirmed":
            return self.intent == "succeeded" and self.kept == self.amount and not self.refunds
        if self.state == "held":
            return self.intent in (None, "requires_payment_method")
        if self.state in ("lapsed", "cancelled"):
            return self.intent in (None, "canceled") or (
                self.intent == "succeeded" and self.kept == 0 and self.refunds == 1
            )
        return False

    @property
    def kept(self) -> int:
        return self.received - self.refunded

    def __str__(self) -> str:
        money = f"intent {self.intent}, {self.received} in, {self.refunds} × back {self.refunded}"
        return f"{self.reference} {self.state}, {self.amount}, {money}"


class Books:
    """A connection of our own to the database, opened again whenever it has died."""

    def __init__(self, database_url: str, stripe: Running) -> None:
        self.url = urlsplit(database_url)
        self.stripe = stripe

    def entries(self, guests: Collection[int] | None = None) -> list[Entry]:
        """Every reservation, or those of some guests. Raises MySQLdb.OperationalError."""
        if guests is not None and not guests:
            return []
        whose = f" WHERE r.guest_id IN ({_listed(guests)})" if guests else ""
        rows = self.query(
            "SELECT r.id, r.reference, r.guest_id, r.state, r.amount, p.intent_id"
            " FROM reservations_reservation r"
            f" LEFT JOIN payments_payment p ON p.id = r.payment_id{whose} ORDER BY r.id"
        )
        wanted = {row[5] for row in rows if row[5]}
        intents, refunds = self._all_money() if guests is None else self._money_of(wanted)
        return [
            Entry(
                *row,
                intent=intents[row[5]]["status"] if row[5] else None,
                received=intents[row[5]]["amount_received"] if row[5] else 0,
                refunded=sum(refunds[row[5]]),
                refunds=len(refunds[row[5]]),
            )
            for row in rows
        ]

    def wait_until_settled(self, patience: float) -> tuple[float, list[Entry]]:
        """How many seconds it took, and what is not settled even then."""
        began = time.monotonic()
        while True:
            waiting = [entry for entry in self.entries() if not entry.is_settled]
            waited = time.monotonic() - began
            if not waiting or waited > patience:
                return waited, waiting
            time.sleep(0.5)

    def deliver_late(self) -> None:
        """Every webhook that the stand-in has kept back, in the order of its events."""
        late = [parcel["event"] for parcel in self.stripe.webhooks()["held"]]
        for first in range(0, len(late), PORTION):
            self.stripe.send(*late[first : first + PORTION])

    def end_holds(self, guests: Collection[int] | None = None) -> int:
        """Put the clock forward for what is held: the time of each is over. Their number."""
        whose = f" AND guest_id IN ({_listed(guests)})" if guests else ""
        return self.change(
            "UPDATE reservations_reservation SET held_until = NOW(6) - INTERVAL 1 DAY"
            f" WHERE state = 'held'{whose}"
        )

    def events(self, kind: str) -> Iterator[dict[str, Any]]:
        """Every event of this type that Stripe knows of."""
        return self._pages("events", type=kind)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def change(self, sql: str) -> int:
        with self._cursor() as cursor:
            return int(cursor.execute(sql))

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[Any]:
        connection = MySQLdb.connect(
            host=self.url.hostname, port=self.url.port, user=self.url.username,
            password=self.url.password, database=self.url.path.lstrip("/"),
            autocommit=True, connect_timeout=3, read_timeout=20,
            init_command="SET innodb_lock_wait_timeout=1",
        )  # fmt: skip
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def _all_money(self) -> Money:
        intents = {intent["id"]: intent for intent in self._pages("payment_intents")}
        return intents, _by_intent(self._pages("refunds"))

    def _money_of(self, wanted: Collection[str]) -> Money:
        intents = {intent: self.stripe.intent(intent) for intent in wanted}
        back = [
            refund
            for intent in wanted
            if intents[intent]["status"] == "succeeded"
            for refund in self._pages("refunds", payment_intent=intent)
        ]
        return intents, _by_intent(back)

    def _pages(self, kind: str, **wanted: str) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            page = self.stripe.call("GET", f"/v1/{kind}", limit=100, **wanted, **after)
            yield from page["data"]
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}


def _by_intent(refunds: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    """The amounts that went back, or are about to."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for refund in refunds:
        if refund["status"] not in ("failed", "canceled"):
            amounts[refund["payment_intent"]].append(refund["amount"])
    return amounts


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(map(str, keys))
