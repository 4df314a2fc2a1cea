"""What was sold, cancelled and paid back before there was a ledger, as its entries.

Each batch is one statement, and an act that is there is not written again: it may be interrupted
and begun anew. `payments/ledger.py` writes the same for what happens now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from datetime import timezone as zones
from typing import Any

from moviereservation.business_day import bounds, business_day

AT_ONCE = 5000  # reservations or refunds: few enough that nobody who sells waits for long
DAYS_AT_ONCE = 200  # SQLite joins 500 SELECTs at most

# All of them SELECT these, of `x`, which has a moment `at`; `d` is the business day of that.
COLUMNS = (
    "act, line, kind, account, amount, currency, category, item, tax, tax_rate, at, actor,"
    " payment_id, subject"
)
NO_ITEM = "'' AS category, '' AS item, 0 AS tax, NULL AS tax_rate"
ITEM = "t.code AS category, c.ticket_id AS item"
TICKETS = (
    "JOIN reservations_reservedseat c ON c.reservation_id = r.id"
    " JOIN showtimes_tickettype t ON t.id = c.ticket_type_id"
)
# A price is unsigned, and MySQL would not subtract it.
PRICE, TAX = "CAST(c.price AS SIGNED)", "CAST(c.tax AS SIGNED)"
CAPTURED = "COALESCE(CAST(p.amount_captured AS SIGNED), 0)"
NUMBER = "ROW_NUMBER() OVER (PARTITION BY r.id ORDER BY c.id) + 1"
RESERVATIONS = "reservations_reservation r LEFT JOIN payments_payment p ON p.id = r.payment_id"
SOLD = f"(SELECT SUM({PRICE}) FROM reservations_reservedseat c WHERE c.reservation_id = r.id)"
KEPT = (
    f"(SELECT SUM({PRICE}) FROM reservations_reservedseat c"
    " WHERE c.reservation_id = r.id AND c.returned_at IS NULL)"
)


@dataclass(frozen=True)
class Book:
    """`lines` are joined by UNION ALL, each with WHERE; `moment` is when, of a row of `table`."""

    table: str
    moment: str
    moments: str
    lines: tuple[str, ...]


def _line(act: str, line: str, kind: str, account: str, amount: str, item: str, at: str,
          source: str, *, currency: str = "r.currency", payment: str = "r.payment_id",
          subject: str = "r.reference") -> str:  # fmt: skip
    return (
        f"SELECT {act} AS act, {line} AS line, '{kind}' AS kind, '{account}' AS account,"
        f" {amount} AS amount, {currency} AS currency, {item}, {at} AS at, 'upgrade' AS actor,"
        f" {'NULL' if account == 'sales' else payment} AS payment_id, {subject} AS subject FROM {source}"
    )


def _books(joined: Any, key: str) -> tuple[Book, ...]:
    """`joined` makes the expression of texts in a row, which the engines write otherwise."""
    sale = joined("'sale:'", "r.reference")
    whole = joined("'cancel:refund-'", "r.reference")
    seat = joined("'cancel:return-'", "r.reference", "'-'", "c.ticket_id")
    orphan = joined("'orphan:stray-'", "r.reference")
    refund = joined("'refund:'", f"f.{key}")
    reservation, tickets = "reservations_reservation r", f"{RESERVATIONS} {TICKETS}"
    refunds = "payments_refund f JOIN payments_payment p ON p.id = f.payment_id"
    back = f"{ITEM}, {TAX} AS tax, c.tax_rate AS tax_rate"
    sold = f"{ITEM}, -{TAX} AS tax, c.tax_rate AS tax_rate"
    first_refund = "(SELECT MIN(f.created_at) FROM payments_refund f WHERE f.payment_id = p.id)"
    of_payment = {"currency": "p.currency", "payment": "p.id", "subject": "p.reference"}
    cancelled = "r.confirmed_at IS NOT NULL AND r.state = 'cancelled'"
    for_nothing = f"r.confirmed_at IS NULL AND p.amount_captured > 0 AND {first_refund} IS NOT NULL"
    # A verb that gives back several seats makes one act of them, under another name.
    returned = (
        "c.returned_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_ledgerentry b"
        " WHERE b.subject = r.reference AND b.kind = 'cancellation' AND b.item = c.ticket_id)"
    )
    return (
        Book(reservation, "r.confirmed_at", reservation, (
            _line(sale, "1", "sale", "stripe_balance", CAPTURED, NO_ITEM, "r.confirmed_at",
                  f"{RESERVATIONS} WHERE r.confirmed_at IS NOT NULL AND p.amount_captured > 0"),
            # What did not come in is owed by the guest, and the audit names it.
            _line(sale, "0", "sale", "owed", f"{SOLD} - {CAPTURED}", NO_ITEM, "r.confirmed_at",
                  f"{RESERVATIONS} WHERE r.confirmed_at IS NOT NULL AND {SOLD} <> {CAPTURED}"),
            _line(sale, NUMBER, "sale", "sales", f"-{PRICE}", sold, "r.confirmed_at",
                  f"{tickets} WHERE r.confirmed_at IS NOT NULL"),
        )),
        Book(reservation, "r.ended_at", reservation, (
            _line(whole, "1", "cancellation", "owed", f"-{KEPT}", NO_ITEM, "r.ended_at",
                  f"{RESERVATIONS} WHERE {cancelled} AND {KEPT} IS NOT NULL"),
            _line(whole, NUMBER, "cancellation", "sales", PRICE, back, "r.ended_at",
                  f"{tickets} WHERE {cancelled} AND c.returned_at IS NULL"),
        )),
        Book(reservation, "c.returned_at", f"{reservation} {TICKETS}", (
            _line(seat, "1", "cancellation", "owed", f"-{PRICE}", NO_ITEM, "c.returned_at",
                  f"{tickets} WHERE {returned}"),
            _line(seat, "2", "cancellation", "sales", PRICE, back, "c.returned_at",
                  f"{tickets} WHERE {returned}"),
        )),
        Book(reservation, first_refund, RESERVATIONS, (
            _line(orphan, "1", "orphaned_capture", "stripe_balance", CAPTURED, NO_ITEM,
                  first_refund, f"{RESERVATIONS} WHERE {for_nothing}"),
            _line(orphan, "2", "orphaned_capture", "owed", f"-{CAPTURED}", NO_ITEM,
                  first_refund, f"{RESERVATIONS} WHERE {for_nothing}"),
        )),
        Book("payments_refund f", "f.tried_at", "payments_refund f", (
            _line(refund, "1", "refund", "owed", "CAST(f.amount AS SIGNED)", NO_ITEM,
                  "f.tried_at", f"{refunds} WHERE f.status = 'succeeded'", **of_payment),
            _line(refund, "2", "refund", "stripe_balance", "-CAST(f.amount AS SIGNED)", NO_ITEM,
                  "f.tried_at", f"{refunds} WHERE f.status = 'succeeded'", **of_payment),
        )),
    )  # fmt: skip


def fill(connection: Any, *, at_once: int = AT_ONCE) -> None:
    """Write what is missing. May be called again."""
    if connection.vendor == "sqlite":
        books = _books(lambda *texts: " || ".join(texts), connection.ops.quote_name("key"))
    else:
        books = _books(lambda *texts: f"CONCAT({', '.join(texts)})", "`key`")
    with connection.cursor() as cursor:
        for book in books:
            for first, last in _ranges(cursor, book.table, at_once):
                for days in _days(cursor, connection, book, first, last):
                    _write(cursor, connection, book, first, last, days)


def _write(
    cursor: Any, connection: Any, book: Book, first: int, last: int, days: list[date]
) -> None:
    name = book.table.rpartition(" ")[2]
    lines = " UNION ALL ".join(f"{line} AND {name}.id BETWEEN %s AND %s" for line in book.lines)
    calendar = " UNION ALL ".join(["SELECT %s AS day, %s AS opens, %s AS closes"] * len(days))
    stored = connection.ops.adapt_datetimefield_value
    cursor.execute(
        f"INSERT INTO payments_ledgerentry ({COLUMNS}, day) SELECT {COLUMNS}, d.day"
        f" FROM ({lines}) x JOIN ({calendar}) d ON x.at >= d.opens AND x.at < d.closes"
        " WHERE NOT EXISTS (SELECT 1 FROM payments_ledgerentry e WHERE e.act = x.act)",
        [
            *[first, last] * len(book.lines),
            *(
                value
                for day in days
                for value in (day.isoformat(), *(stored(moment) for moment in bounds(day)))
            ),
        ],
    )


def _ranges(cursor: Any, table: str, at_once: int) -> Iterator[tuple[int, int]]:
    """The first and the last key of each batch of a table."""
    name, first = table.partition(" ")[0], 0
    while True:
        cursor.execute(f"SELECT id FROM {name} WHERE id >= %s ORDER BY id LIMIT {at_once}", [first])
        keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return
        yield keys[0], keys[-1]
        first = keys[-1] + 1


def _days(
    cursor: Any, connection: Any, book: Book, first: int, last: int
) -> Iterator[list[date]]:
    """The business days on which something of a batch happened, some at once."""
    name = book.table.rpartition(" ")[2]
    cursor.execute(
        f"SELECT DISTINCT DATE({book.moment}) FROM {book.moments}"
        f" WHERE {name}.id BETWEEN %s AND %s AND {book.moment} IS NOT NULL",
        [first, last],
    )
    days = set()
    for (found,) in cursor.fetchall():
        utc = found if isinstance(found, date) else date.fromisoformat(found)
        for edge in (time.min, time.max):
            days.add(business_day(datetime.combine(utc, edge, tzinfo=zones.utc)))
    ordered = sorted(days)
    for start in range(0, len(ordered), DAYS_AT_ONCE):
        yield ordered[start : start + DAYS_AT_ONCE]
