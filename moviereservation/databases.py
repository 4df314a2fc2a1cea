"""How each database engine is opened, so that the locking law holds on it.

SQLite: `BEGIN IMMEDIATE` takes the only write lock at once, so that lock → look → write is what
happens although `FOR UPDATE` does nothing there; WAL lets readers read meanwhile.
MariaDB and MySQL: READ COMMITTED, explicitly; every wait is bounded, so that a database that
hangs becomes a 503 and not a worker that hangs with it.
"""

from typing import Any

import environ

COLLATION = "utf8mb4_unicode_520_ci"  # known to MariaDB and MySQL, tells one emoji from another


def from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///…` or `mysql://user:password@host:port/name`."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,  # seconds
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
            ),
        }
    elif config["ENGINE"].endswith("mysql"):
        options |= {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 3,
            "read_timeout": 15,
            "write_timeout": 15,
            "init_command": (
                "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', "
                "innodb_lock_wait_timeout=5"
            ),
        } | options
        config["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": COLLATION}
        config["CONN_MAX_AGE"] = 300
        # One ping a request finds the connection that a restarted database has left behind.
        config["CONN_HEALTH_CHECKS"] = True
    return config
