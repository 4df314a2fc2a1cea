"""Tables to which rows are added and in which nothing is ever changed or deleted.

Triggers refuse both, on every engine and whoever asks. Whatever goes past them (TRUNCATE, dropping
them, SQLite's way of changing a table, which makes it anew without them) an audit rule names.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSED = ("UPDATE", "DELETE")


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Make the triggers of a table that are not there. Belongs into a migration.

    MariaDB and MySQL ask for the privilege TRIGGER, and with a binary log also for
    `log_bin_trust_function_creators`.
    """
    with connection.cursor() as cursor:
        for name in missing(connection, table):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(triggers(connection, table)[name])


def unprotect(connection: BaseDatabaseWrapper, table: str) -> None:
    """The way back of a migration that called `protect`."""
    with connection.cursor() as cursor:
        for name in triggers(connection, table):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def triggers(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """The statement that makes each trigger, by its name."""
    return {
        f"{table}_refuses_{change.lower()}": _trigger(connection, table, change)
        for change in REFUSED
    }


def missing(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """The names of the triggers that a table should have, and has not or has otherwise."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [table],
            )
        else:
            cursor.execute(
                "SELECT trigger_name, action_statement, event_manipulation, action_timing"
                " FROM information_schema.triggers"
                " WHERE trigger_schema = DATABASE() AND event_object_table = %s",
                [table],
            )
        there = {name: sql for name, sql, *_event in cursor.fetchall()}
    # SQLite keeps the whole statement, the others what is done.
    return [
        name
        for name, sql in triggers(connection, table).items()
        if not there.get(name) or not sql.endswith(there[name])
    ]


def _trigger(connection: BaseDatabaseWrapper, table: str, change: str) -> str:
    made = (
        f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} FOR EACH ROW"
    )
    why = f"{table} is append-only"
    if connection.vendor == "sqlite":
        return f"{made} BEGIN SELECT RAISE(ABORT, '{why}'); END"
    return f"{made} SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{why}'"
