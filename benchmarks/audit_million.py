"""audit: how long every rule takes on a database of years; and that it finds nothing in it.

python -m benchmarks audit_million            ten thousand reservations, seconds
python -m benchmarks audit_million --long     a million, many minutes to write
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from benchmarks import table
from tools import private_servers

ROOT = Path(__file__).resolve().parent.parent
SLOW = 60.0  # seconds for one rule, on a million


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--database", choices=("mariadb", "sqlite", "both"), default="both")
    parser.add_argument("--reservations", type=int, default=10_000)
    parser.add_argument("--long", action="store_true", help="a million, on MariaDB")


def run(options: Namespace) -> bool:
    """Print the seconds of each rule; True if none found anything or took too long."""
    databases = ["mariadb", "sqlite"] if options.database == "both" else [options.database]
    if options.long:
        options.reservations, databases = 1_000_000, ["mariadb"]
    told = [_audited(database, options.reservations) for database in databases]
    rows = [
        (same[0][0], *(f"{seconds:.2f}" for _, seconds, _ in same), max(n for _, _, n in same))
        for same in zip(*told, strict=True)
    ]
    totals = [sum(seconds for _rule, seconds, _found in audit) for audit in told]
    rows.append(("all", *(f"{total:.2f}" for total in totals), sum(row[-1] for row in rows)))
    print(f"{options.reservations:,} reservations, {2 * options.reservations:,} claims\n")
    print(table.drawn(("rule", *(f"{name} s" for name in databases), "found"), rows))
    slowest = max(seconds for audit in told for _rule, seconds, _found in audit)
    return rows[-1][-1] == 0 and slowest < SLOW


def _audited(database: str, reservations: int) -> list[tuple[str, float, int]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cinema-bench-"))
        parts = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        if database == "mariadb":
            parts = stack.enter_context(private_servers.running()).environment()
        demo = {"VAR_DIR": folder, "DEMO": "on", "SECRET_KEY": "", "REDIS_URL": ""}
        environment = {**os.environ, **demo, **parts}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        timed = subprocess.run(
            [sys.executable, "-m", "benchmarks.many_bookings", str(reservations)],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    return [(rule, seconds, found) for rule, seconds, found in json.loads(timed.stdout)]
