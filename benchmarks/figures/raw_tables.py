"""The product's tables once more, in a database of their own, and INSERTs for a booking's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

COPY = "raw_sql"
NOW, LATER = "UTC_TIMESTAMP(6)", "UTC_TIMESTAMP(6) + INTERVAL 1 DAY"
# What a column without a default gets when nothing is said about it.
ANYTHING = {"varchar": "''", "longtext": "'{}'", "datetime": "UTC_TIMESTAMP(6)",
            "date": "UTC_DATE()"}  # fmt: skip


class Statements(NamedTuple):
    """The INSERTs of a booking, to be filled with `format`."""

    payment: str
    reservation: str
    claim: str
    change: str
    entry: str
    message: str


def copy(connection: Any) -> list[str]:
    """Make all tables anew in a database of their own, with what is in them; their names."""
    cursor = connection.cursor()
    cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema ="
                   " DATABASE() AND table_type = 'BASE TABLE'")  # fmt: skip
    tables = [name for (name,) in cursor.fetchall()]
    cursor.execute("SELECT DATABASE()")
    [(product,)] = cursor.fetchall()
    definitions = []
    for table in tables:
        cursor.execute(f"SHOW CREATE TABLE `{table}`")
        definitions.append(cursor.fetchall()[0][1])
    cursor.execute(f"DROP DATABASE IF EXISTS {COPY}")
    cursor.execute(f"CREATE DATABASE {COPY}")
    cursor.execute(f"USE {COPY}")
    cursor.execute("SET foreign_key_checks = 0")
    for definition in definitions:
        cursor.execute(definition)
    for table in tables:
        cursor.execute(f"INSERT INTO `{table}` SELECT * FROM `{product}`.`{table}`")
    return tables


def inserts(connection: Any, tables: Sequence[str]) -> Statements:
    """With a neutral value in every column that has to have one and is not named here."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND is_nullable = 'NO' AND column_default IS NULL"
        " AND extra NOT LIKE '%auto_increment%' AND is_generated = 'NEVER'"
    )
    needed: dict[str, dict[str, str]] = {table: {} for table in tables}
    for table, column, kind in cursor.fetchall():
        needed[table][column] = ANYTHING.get(kind, "0")

    def insert(table: str, **known: str) -> str:
        values = needed[table] | known
        # Braces of a neutral value are none of `format`.
        cells = [
            value if column in known else value.replace("{}", "{{}}")
            for column, value in values.items()
        ]
        names = ", ".join(f"`{column}`" for column in values)
        return f"INSERT INTO {table} ({names}) VALUES ({', '.join(cells)})"

    return Statements(
        payment=insert("payments_payment", payer_id="{guest}", reference="'{reference}'",
                       amount="2400", currency="'usd'", status="'requires_payment_method'"),
        reservation=insert("reservations_reservation", reference="'{reference}'",
                           guest_id="{guest}", showtime_id="{showtime}", state="'held'",
                           holding="1", held_until=LATER, amount="2400", currency="'usd'",
                           payment_id="LAST_INSERT_ID()"),
        claim=insert("reservations_reservedseat", reservation_id="@reservation",
                     showtime_id="{showtime}", seat_id="{seat}", price="1200", live="1",
                     ticket_id="'{ticket}'"),
        change=insert("reservations_statechange", reservation_id="{reservation}",
                      from_state="'{was}'", to_state="'{to}'", by="'guest'"),
        entry=insert("payments_ledgerentry", act="'sale:{payment}'", line="{line}",
                     payment_id="{payment}", kind="'sale'", account="'seats'", amount="1200",
                     currency="'usd'"),
        message=insert("accounts_letter", key="'{reservation}:confirmed'",
                       kind="'tickets'", about="'{{}}'"),
    )  # fmt: skip
