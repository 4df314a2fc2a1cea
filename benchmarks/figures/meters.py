"""What is read before and after: CPU of process trees, the server's counters, Stripe's calls."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import MySQLdb

from benchmarks.product import Product, children, cpu_seconds
from tools.standin.process import Running

# What the server counts beside the statements of a transaction.
NO_STATEMENTS = {"begin", "commit", "rollback", "show_status", "change_db", "admin_commands"}
DURABLE = (
    "trx_rw_commits"  # InnoDB's transactions that wrote something, autocommitted ones with them
)
A_BROWSERS = "/confirm"


@dataclass(frozen=True)
class Trees:
    """The processes of a running product, by the part that they play."""

    roots: Mapping[str, int]

    @classmethod
    def of(cls, shop: Product) -> Trees:
        assert shop.web is not None
        assert shop.servers is not None
        return cls(
            {
                "app": shop.web.pid,
                "database": shop.servers.database.pid,
                "redis": shop.servers.redis.pid,
                "stand-in": shop.stripe.process.pid,
            }
        )

    def cpu(self) -> dict[str, float]:
        """Seconds so far, of each tree."""
        return {
            name: sum(map(cpu_seconds, [root, *children(root)]))
            for name, root in self.roots.items()
        }

    @contextlib.contextmanager
    def spent(self) -> Iterator[dict[str, float]]:
        """A dictionary that has the seconds of each tree when the block has ended."""
        before, spent = self.cpu(), dict[str, float]()
        yield spent
        spent.update({name: after - before[name] for name, after in self.cpu().items()})


class Counters:
    """The database server's own counters, of all connections together."""

    def __init__(self, database_url: str) -> None:
        self.connection = connect(database_url)
        self._execute(f"SET GLOBAL innodb_monitor_enable = '{DURABLE}'")

    @contextlib.contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """What was counted in the block: `statements`, `commits`, and every kind by its name."""
        # Its statistics, renewed in the background, are transactions that write, too.
        self._execute("SET GLOBAL innodb_stats_auto_recalc = 0")
        before, counts = self._read(), Counter[str]()
        yield counts
        counts.update(self._read() - before)
        counts["select"] -= 1  # that of the first reading; SHOW has a name of its own
        self._execute("SET GLOBAL innodb_stats_auto_recalc = 1")
        counts["statements"] = sum(
            count for name, count in counts.items() if name not in {*NO_STATEMENTS, "commits"}
        )

    def close(self) -> None:
        self.connection.close()

    def _read(self) -> Counter[str]:
        rows = self._execute("SHOW GLOBAL STATUS LIKE 'Com\\_%'")
        counts = Counter({name[4:].lower(): int(count) for name, count in rows})
        [(commits,)] = self._execute(
            f"SELECT count FROM information_schema.innodb_metrics WHERE name = '{DURABLE}'"
        )
        counts["commits"] = int(commits)
        return counts

    def _execute(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall() or ())


class Calls:
    """Calls of Stripe's API, as the stand-in remembers them: the last thousand."""

    def __init__(self, stripe: Running) -> None:
        self.stripe = stripe

    @contextlib.contextmanager
    def counted(self) -> Iterator[list[dict[str, Any]]]:
        """The product's calls in the block; those of a guest's browser are left out."""
        calls: list[dict[str, Any]] = []
        self.stripe.call("GET", "/v1/events", limit=1)  # a mark
        yield calls
        made = self.stripe.calls()
        marks = [n for n, call in enumerate(made) if call["path"].startswith("/v1/events")]
        if not marks:
            raise RuntimeError("More calls were made than the stand-in remembers.")
        since = made[marks[-1] + 1 :]
        calls += [call for call in since if not call["path"].endswith(A_BROWSERS)]


def connect(database_url: str, **more: Any) -> Any:
    """A connection of mysqlclient's own, each statement a transaction."""
    parts = urlsplit(database_url)
    return MySQLdb.connect(
        host=parts.hostname, port=parts.port, user=parts.username, password=parts.password,
        database=parts.path.strip("/"), charset="utf8mb4", autocommit=True, **more,
    )  # fmt: skip
