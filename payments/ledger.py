"""What is written into the ledger, act by act.

Each act gives lines that add up to zero. `statement` makes one INSERT of them without running it,
for whoever sends it together with others; `write` runs it. Both belong into the transaction of what
happened. Amounts are minor units, debit positive: what was sold is negative, what is in Stripe's
balance positive. Payments know no seats: what was sold comes in as `Item`s.
"""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from accounts.actors import Actor
from moviereservation.business_day import business_day
from moviereservation.db.batches import Statement, send
from payments.models import Account, Kind, LedgerEntry, Payment, Refund

STRIPE = Actor.rule("Stripe")
# The columns that are the same in every line of an act, and those that are not.
OF_THE_ACT = ("act", "kind", "currency", "day", "at", "actor", "shift", "subject")
OF_THE_LINE = (
    "line", "account", "amount", "category", "item", "tax", "tax_rate", "payment",
)  # fmt: skip
COLUMNS = {field.name: str(field.column) for field in LedgerEntry._meta.concrete_fields}


class Unbalanced(ValueError):
    """An act whose lines do not add up to zero: nothing may be written of it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was sold, such as one ticket: its name, and in which category it counts.

    Price and the tax contained in it are minor units, the rate is in basis points.
    """

    item: str
    category: str
    price: int
    tax: int = 0
    tax_rate: int = 0


@dataclass(frozen=True, slots=True)
class Tender:
    """What was paid with, minor units, and the account in which it is then."""

    account: Account
    amount: int
    payment_id: int | None = None


class Line(NamedTuple):
    """In the order of `OF_THE_LINE`, after the line's number."""

    account: Account
    amount: int
    category: str = ""
    item: str = ""
    tax: int = 0
    tax_rate: int | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened to money. Raises Unbalanced.

    `key` makes it the same act however often it is repeated: together with `kind` it is written
    once, and IntegrityError refuses it the second time.
    """

    kind: Kind
    key: str
    lines: tuple[Line, ...]
    subject: str
    currency: str
    at: datetime
    by: Actor

    def __post_init__(self) -> None:
        if left := sum(line.amount for line in self.lines):
            raise Unbalanced(f"{self.name}: {left} is left over")

    @property
    def name(self) -> str:
        return f"{NAMES[self.kind]}:{self.key}"


NAMES = {
    Kind.SALE: "sale",
    Kind.CANCELLATION: "cancel",
    Kind.REFUND: "refund",
    Kind.REFUND_FAILED: "refund-failed",
    Kind.ORPHANED_CAPTURE: "orphan",
}


def sale(
    subject: str,
    items: Sequence[Item],
    tenders: Sequence[Tender],
    *,
    currency: str,
    at: datetime,
    by: Actor,
) -> Act:
    """What was sold, and what it was paid with. What is free has no tender. Raises Unbalanced."""
    paid = (Line(tender.account, tender.amount, payment_id=tender.payment_id) for tender in tenders)
    lines = (*paid, *(_sold(item, -1) for item in items))
    return Act(Kind.SALE, subject, lines, subject, currency, at, by)


def cancellation(
    key: str,
    items: Collection[Item],
    *,
    subject: str,
    payment: Payment | None,
    currency: str,
    at: datetime,
    by: Actor,
) -> Act:
    """What was sold is given back: its price is owed, and its tax as it was stored is none."""
    owed = Line(
        Account.OWED,
        -sum(item.price for item in items),
        payment_id=payment.pk if payment is not None else None,
    )
    lines = (owed, *(_sold(item, 1) for item in items))
    return Act(Kind.CANCELLATION, key, lines, subject, currency, at, by)


def refund_succeeded(refund: Refund, *, at: datetime) -> Act:
    """What was owed has left Stripe's balance."""
    return _refund(Kind.REFUND, refund, refund.amount, at=at)


def refund_failed(refund: Refund, *, at: datetime) -> Act:
    """A refund that had succeeded came back: it is owed again."""
    return _refund(Kind.REFUND_FAILED, refund, -refund.amount, at=at)


def orphaned_capture(payment: Payment, amount: int, *, key: str, at: datetime) -> Act:
    """Money that came for nothing is owed."""
    return Act(
        Kind.ORPHANED_CAPTURE,
        key,
        (
            Line(Account.STRIPE_BALANCE, amount, payment_id=payment.pk),
            Line(Account.OWED, -amount, payment_id=payment.pk),
        ),
        payment.reference,
        payment.currency,
        at,
        STRIPE,
    )


def statement(*acts: Act) -> Statement:
    """One INSERT of all lines of these acts. Nothing is run."""
    params: list[Any] = []
    lines = 0
    for act in acts:
        shared = _of(act)
        lines += len(act.lines)
        for number, line in enumerate(act.lines, start=1):
            params += shared
            params.append(number)
            params += line
    return Statement(_insert_into(lines), params)


def write(*acts: Act) -> None:
    """Write these acts inside the caller's transaction. IntegrityError: one was written before."""
    if acts := tuple(act for act in acts if act.lines):
        send(statement(*acts))


def _sold(item: Item, sign: int) -> Line:
    return Line(
        Account.SALES,
        sign * item.price,
        item.category,
        item.item,
        sign * item.tax,
        item.tax_rate,
    )


def _refund(kind: Kind, refund: Refund, amount: int, *, at: datetime) -> Act:
    payment = refund.payment
    return Act(
        kind,
        refund.key,
        (
            Line(Account.OWED, amount, payment_id=payment.pk),
            Line(Account.STRIPE_BALANCE, -amount, payment_id=payment.pk),
        ),
        payment.reference,
        payment.currency,
        at,
        STRIPE,
    )


def _of(act: Act) -> list[Any]:
    """In the order of `OF_THE_ACT`."""
    return [
        act.name,
        act.kind.value,
        act.currency,
        connection.ops.adapt_datefield_value(business_day(act.at)),
        connection.ops.adapt_datetimefield_value(act.at),
        str(act.by)[:100],
        None,
        act.subject,
    ]


@functools.lru_cache(maxsize=100)
def _insert_into(lines: int) -> str:
    quote = connection.ops.quote_name
    names = (*OF_THE_ACT, *OF_THE_LINE)
    columns = ", ".join(quote(COLUMNS[name]) for name in names)
    row = f"({', '.join(['%s'] * len(names))})"
    table = quote(LedgerEntry._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * lines)}"
