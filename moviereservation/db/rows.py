"""Reading records out of a statement that is written by hand: the columns as the models say them.

SEATS = Columns(Seat, "s")
rows = send(Statement(f"SELECT {SEATS.sql} FROM showtimes_seat s WHERE …", […]))[0].rows
seats = [SEATS.record(row) for row in rows]
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Record = TypeVar("Record", bound=models.Model)


class Columns(Generic[Record]):
    """All columns of a model under the alias that its table has in the statement."""

    def __init__(self, model: type[Record], alias: str) -> None:
        self.model, self.alias = model, alias
        self.fields = list(model._meta.concrete_fields)
        self.names = [field.attname for field in self.fields]

    def __len__(self) -> int:
        return len(self.fields)

    @functools.cached_property
    def sql(self) -> str:
        quote = connection.ops.quote_name
        return ", ".join(f"{self.alias}.{quote(str(field.column))}" for field in self.fields)

    def record(self, row: Sequence[Any], start: int = 0) -> Record:
        """The record whose columns begin at `start` in the row."""
        values = list(row[start : start + len(self.fields)])
        database = connections[DEFAULT_DB_ALIAS]
        for place, converters, expression in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, database)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)

    @functools.cached_property
    def _converters(self) -> list[tuple[int, list[Callable[..., Any]], Any]]:
        """For the few columns that a database does not give as Python has them."""
        table = self.model._meta.db_table
        found = []
        for place, field in enumerate(self.fields):
            column = field.get_col(table)
            own = column.get_db_converters(connection)
            converters = [*connection.ops.get_db_converters(column), *own]
            if converters:
                found.append((place, converters, column))
        return found
