"""Writing a new record at the cost of its statement.

`Model.save()` spends several times as much CPU on building the INSERT as on sending it, although
it is the same for every record of a model. Here it is built once, from what the model says.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.constants import OnConflict

from moviereservation.db.batches import Statement, send

AS_IT_IS = {int, str, bool, type(None)}
PLAIN = (models.CharField, models.ForeignKey, models.IntegerField, models.BooleanField)


@dataclass(frozen=True, slots=True)
class Raw:
    """SQL in the place of a value, with the values that it takes."""

    sql: str
    params: Sequence[Any] = ()


def insert(record: models.Model) -> None:
    """INSERT an unsaved record, as `save(force_insert=True)` would; its key is set.

    For models that nobody listens to with signals. Raises IntegrityError.
    """
    (answer,) = send(insertion(record))
    is_inserted(record, answer.key)


def insertion(*records: models.Model, **instead: Raw) -> Statement:
    """The statement that inserts unsaved records of a model, in one.

    `instead` of what the records say, a column has what the database finds: by attribute name.
    """
    into, fields = _into(type(records[0]), if_new=False)
    slots = ", ".join(
        instead[field.attname].sql if field.attname in instead else "%s" for field in fields
    )
    params: list[Any] = []
    for record in records:
        params += _values(record, instead)
    return Statement(f"{into} VALUES {', '.join([f'({slots})'] * len(records))}", params)


def insertion_if_new(record: models.Model) -> Statement:
    """The statement that inserts a record; where a unique key is taken it inserts nothing.

    A database that overlooks so much would also cut what is too long, and take NULL for an empty
    text; so that is looked for here, and raises ValidationError.
    """
    into, fields = _into(type(record), if_new=True)
    values = _values(record, {})
    for field, value in zip(fields, values, strict=True):
        if value is None and not field.null:
            raise ValidationError({field.name: "missing"})
        if type(value) is str and field.max_length and len(value) > field.max_length:
            raise ValidationError({field.name: f"longer than {field.max_length}"})
    return Statement(f"{into} VALUES ({', '.join(['%s'] * len(fields))})", values)


def selection(record: models.Model, source: Statement, **instead: Raw) -> Statement:
    """The statement that inserts an unsaved record if the source, `FROM … WHERE …`, has a row."""
    into, fields = _into(type(record), if_new=False)
    slots = ", ".join(
        instead[field.attname].sql if field.attname in instead else "%s" for field in fields
    )
    params = [*_values(record, instead), *source.params]
    return Statement(f"{into} SELECT {slots} {source.sql}", params)


def last_key() -> Raw:
    """The key of the record that the statement before inserted."""
    return Raw("last_insert_rowid()" if connection.vendor == "sqlite" else "LAST_INSERT_ID()")


def is_inserted(record: models.Model, key: int) -> None:
    """Let a record know that it is in the database now, under this key."""
    record.pk = key
    record._state.adding = False
    record._state.db = connection.alias


def _values(record: models.Model, instead: dict[str, Raw]) -> list[Any]:
    """What the columns of a record get, in their order."""
    _names, fields = _into(type(record), if_new=False)
    database = connections[DEFAULT_DB_ALIAS]
    values: list[Any] = []
    for field in fields:
        if field.attname in instead:
            values += instead[field.attname].params
            continue
        value = getattr(record, field.attname)
        # Most values are stored as they are; asking the field what to do takes longer than sending.
        if type(value) not in AS_IT_IS or not isinstance(field, PLAIN):
            value = field.get_db_prep_save(field.pre_save(record, add=True), database)
        values.append(value)
    return values


@functools.cache
def _into(model: type[models.Model], *, if_new: bool) -> "tuple[str, list[models.Field[Any, Any]]]":
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    verb = connection.ops.insert_statement(on_conflict=OnConflict.IGNORE if if_new else None)
    return f"{verb} {table} ({columns})", fields
