"""How each database engine is opened, so that the locking law holds on it.

SQLite: `BEGIN IMMEDIATE` takes the only write lock at once, so that lock → look → write is what
happens although `FOR UPDATE` does nothing there; WAL lets readers read meanwhile.
MariaDB and MySQL: READ COMMITTED, explicitly; every wait is bounded, so that a database that
hangs becomes a 503 and not a worker that hangs with it. On MariaDB the other way round, too: a
worker that hangs in a transaction loses it, and its locks, after a while. (No transaction of ours
waits for anything but the database.)
A Galera cluster: `?wsrep_sync_wait=1` in the URL, so that whoever holds seats at one node and pays
at the next is known there.
"""

from typing import Any

import environ

LOCK_WAIT_SECONDS = 5
IDLE_TRANSACTION_SECONDS = 10
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,  # seconds
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
    ),
}
COLLATION = "utf8mb4_unicode_520_ci"  # known to MariaDB and MySQL, tells one emoji from another


def from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///…` or `mysql://user:password@host:port/name`."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        config["ENGINE"] = "moviereservation.db.sqlite3"
        options |= SQLITE
    elif config["ENGINE"].endswith("mysql"):
        config["ENGINE"] = "moviereservation.db.mysql"
        options |= {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 3,
            "read_timeout": 15,
            "write_timeout": 15,
            "init_command": _session(options.pop("wsrep_sync_wait", None)),
        } | options
        config["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": COLLATION}
        config["CONN_MAX_AGE"] = 300
        # A ping finds the connection that a restarted database has left behind.
        config["CONN_HEALTH_CHECKS"] = True
    return config


def _session(sync_wait: int | None) -> str:
    cluster = "" if sync_wait is None else f", wsrep_sync_wait={int(sync_wait)}"
    return (
        "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"
        f", innodb_lock_wait_timeout={LOCK_WAIT_SECONDS}{cluster}"
        # A comment to MySQL, which has no such limit.
        f" /*M!100300 , idle_transaction_timeout={IDLE_TRANSACTION_SECONDS} */"
    )
