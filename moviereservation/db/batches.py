"""Statements of a transaction that are sent to the database in one trip.

    with transaction.atomic(durable=True):
        _locked, taken = send(lock(seats), live(seats))        # one trip, with its BEGIN
        …                                                      # look
        send(write_hold(…), write_claims(…), commit=True)      # one trip, with its COMMIT

Waiting for the database is most of what a booking takes, and each trip costs a worker CPU. A trip
holds the same statements in the same order as they would be sent one by one, which is what happens
where a database takes one at a time (SQLite), and inside of another transaction.

The first statement that fails ends the batch: none after it is carried out, COMMIT least of all.
So a statement that must only happen if the one before it did something is written in such a way
that the database refuses it otherwise (`if_changed`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections


class Statement(NamedTuple):
    sql: str
    params: Sequence[Any] = ()


class Answer(NamedTuple):
    """What a statement gave: its rows, how many it changed, the key of what it inserted."""

    rows: Sequence[tuple[Any, ...]]
    changed: int
    key: int


def send(*statements: Statement, commit: bool = False) -> list[Answer]:
    """Carry out statements in their order; with `commit`, the transaction ends with the last.

    Nothing may be written after that in the same transaction. Raises what the first statement that
    failed raises, IntegrityError for a key or a value that is refused.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    together = getattr(database, "sends_batches", False)
    with database.cursor() as cursor:
        if not together or (len(statements) == 1 and not commit):
            return [_one(cursor, statement) for statement in statements]
        ends = commit and database.in_atomic_block and not database.savepoint_ids
        sql = "; ".join(statement.sql for statement in statements)
        params = [value for statement in statements for value in statement.params]
        cursor.execute(f"{sql}; COMMIT" if ends else sql, params)
        with database.wrap_database_errors:
            answers = _all(cursor.cursor, len(statements))
            if ends:
                cursor.cursor.nextset()
                database.has_committed = True
        return answers


def if_changed(value: Any) -> tuple[str, Any]:
    """A value, and the SQL that gives it: NULL unless the statement before changed a single row.

    In a column that is never NULL it makes sure that two statements happen both or neither.
    """
    changed = "changes()" if connection.vendor == "sqlite" else "ROW_COUNT()"
    return f"CASE WHEN {changed} = 1 THEN %s END", value


def _one(cursor: Any, statement: Statement) -> Answer:
    cursor.execute(statement.sql, statement.params)
    return _answer(cursor)


def _all(cursor: Any, count: int) -> list[Answer]:
    answers = [_answer(cursor)]
    while len(answers) < count:
        cursor.nextset()
        answers.append(_answer(cursor))
    return answers


def _answer(cursor: Any) -> Answer:
    rows = cursor.fetchall() if cursor.description else ()
    return Answer(rows, cursor.rowcount, cursor.lastrowid or 0)
