"""Django's MySQL and MariaDB backend with fewer round trips (named in `engines.py`).

Each costs a worker about 0.07 ms of CPU, and a hold made a dozen. A transaction begins in the trip
of its first statement, and one that sends nothing never begins; `db.batches` ends it in the trip of
its last. A connection that was found alive a moment ago is not asked again by the next request.
"""

import time
from typing import Any

from django.db import IntegrityError
from django.db.backends.mysql import base
from django.db.backends.utils import debug_transaction
from MySQLdb import OperationalError

ALIVE_SECONDS = 1.0
BEGIN = "START TRANSACTION"


class CursorWrapper(base.CursorWrapper):
    """A cursor whose first statement in a transaction begins it."""

    def __init__(self, cursor: Any, database: "DatabaseWrapper") -> None:
        super().__init__(cursor)
        self.database = database

    def execute(self, query: str, args: Any = None) -> Any:
        if not self.database.is_to_begin:
            return super().execute(query, args)
        self.database.is_to_begin = False
        super().execute(f"{BEGIN}; {query}", args)
        return self.nextset()

    def executemany(self, query: str, args: Any) -> Any:
        self.database.begin_now()
        return super().executemany(query, args)

    def callproc(self, *args: Any) -> Any:
        self.database.begin_now()
        return self.cursor.callproc(*args)

    def nextset(self) -> Any:
        try:
            return self.cursor.nextset()
        except OperationalError as error:  # as `execute` does it, for a later statement
            if error.args[0] in self.codes_for_integrityerror:
                raise IntegrityError(*error.args) from error
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    sends_batches = True
    pinged_at = -ALIVE_SECONDS
    is_to_begin = False  # the next statement begins the transaction
    has_committed = False  # the last statement ended it

    def get_new_connection(self, conn_params: Any) -> Any:
        self.pinged_at = time.monotonic()
        self.is_to_begin = self.has_committed = False
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        # After an error it is asked in any case: that is how a lost connection is found out.
        if not self.errors_occurred and time.monotonic() - self.pinged_at < ALIVE_SECONDS:
            return True
        usable: bool = super().is_usable()
        self.pinged_at = time.monotonic() if usable else -ALIVE_SECONDS
        return usable

    def create_cursor(self, name: Any = None) -> Any:
        return CursorWrapper(self.connection.cursor(), self)

    def begin_now(self) -> None:
        if self.is_to_begin:
            self.is_to_begin = False
            with self.wrap_database_errors:
                self.connection.query(BEGIN)

    def _start_transaction_under_autocommit(self) -> None:
        """What Django calls instead of switching autocommit off, if a backend has it."""
        with debug_transaction(self, "BEGIN"):
            self.is_to_begin, self.has_committed = True, False

    def _commit(self) -> None:
        if self._ended_by_itself():
            return
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        if self._ended_by_itself():
            return
        super()._rollback()  # type: ignore[misc]

    def _ended_by_itself(self) -> bool:
        """Whether there is nothing to end: no statement was sent, or the last one ended it."""
        ended = self.is_to_begin or self.has_committed
        self.is_to_begin = self.has_committed = False
        return ended

    def _set_autocommit(self, autocommit: bool) -> None:
        # The driver knows the server's mode from its last answer, and asks nobody.
        with self.wrap_database_errors:
            is_on = self.connection.get_autocommit()
        if is_on != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
