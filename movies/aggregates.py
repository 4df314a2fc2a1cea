"""SQL that Django 5.2 does not have for every database we run on."""

from typing import Any

from django.db.models import Aggregate, CharField


class Joined(Aggregate):
    """The distinct values of a related column in one string: GROUP_CONCAT, and how to split it."""

    function = "GROUP_CONCAT"
    # The default separator of SQLite and of MariaDB, and SQLite allows no other with DISTINCT.
    separator = ","
    # A comma inside a value is written as this while it is joined.
    comma = "\u001f"
    template = f"%(function)s(DISTINCT REPLACE(%(expressions)s, ',', '{comma}'))"

    def __init__(self, expression: str, **extra: Any) -> None:
        super().__init__(expression, output_field=CharField(), **extra)

    @classmethod
    def split(cls, joined: str | None) -> list[str]:
        values = joined.split(cls.separator) if joined else []
        return sorted(value.replace(cls.comma, ",") for value in values)
