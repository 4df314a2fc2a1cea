"""The SQL by hand of this app: who is logged in, which every request of the API asks first.

Built once, from what the models say.
"""

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils.crypto import constant_time_compare

from accounts.credentials.claims import Claims
from accounts.errors import DeadToken
from accounts.models import ApiSession, User

# What every database hands over as it is, or as 0 and 1. A date would have to be converted: it is
# read when somebody asks for it.
_FIELDS = [f for f in User._meta.concrete_fields if not isinstance(f, models.DateTimeField)]
_NAMES = [f.attname for f in _FIELDS]
_FLAGS = frozenset(f.attname for f in _FIELDS if isinstance(f, models.BooleanField))


def person_statement(claims: Claims, now: datetime) -> tuple[str, list[Any]]:
    """SQL and parameters that read whose log-in it is; `person_from` understands the row."""
    session_id = ApiSession._meta.pk.get_db_prep_value(claims.session_id, connection)
    return _the_log_in_still_counts(), [
        session_id,
        connection.ops.adapt_datetimefield_value(now),
    ]


def person_from(row: Sequence[Any] | None) -> User:
    """The person of a row of `person_statement`, without another query. Raises DeadToken."""
    if row is None:  # ended, over, or its person is blocked
        raise DeadToken
    auth_hash, *values = row
    person = User.from_db(
        connection.alias,
        _NAMES,
        [bool(v) if name in _FLAGS else v for name, v in zip(_NAMES, values, strict=True)],
    )
    if not constant_time_compare(auth_hash, _auth_hash(person.password)):
        raise DeadToken  # the password has changed since
    return person


@functools.cache
def _the_log_in_still_counts() -> str:
    """Neither ended nor over, and its person is not blocked."""
    session, person = ApiSession._meta, User._meta
    quote = connection.ops.quote_name

    def column(options: Any, name: str) -> str:
        return f"{quote(options.db_table)}.{quote(options.get_field(name).column)}"

    columns = ", ".join(column(person, name) for name in _NAMES)
    return (
        f"SELECT {column(session, 'auth_hash')}, {columns}"
        f" FROM {quote(session.db_table)} JOIN {quote(person.db_table)}"
        f" ON {column(person, 'id')} = {column(session, 'user')}"
        f" WHERE {column(session, 'id')} = %s"
        f" AND {column(session, 'revoked_at')} IS NULL"
        f" AND {column(session, 'expires_at')} > %s"
        f" AND {column(person, 'is_active')}"
    )


@functools.lru_cache(maxsize=4096)
def _auth_hash(password: str) -> str:
    """What a log-in remembers of a stored password: one HMAC a person and process."""
    return User(password=password).get_session_auth_hash()
