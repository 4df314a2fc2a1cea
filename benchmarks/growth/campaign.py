"""growth: what every read and every list of the back office costs as the cinema's past grows.

    python -m benchmarks growth                        100 to 100,000 reservations, some minutes
    python -m benchmarks growth --largest 1000000      a quarter of an hour
    python -m benchmarks growth --write                the table and the curves into docs

A tenth as many showtimes, 1,000 at least. Asked in one process without a web server, nothing
answered from a cache; CPU is that of the process and of MariaDB together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.growth import curves
from benchmarks.growth.addresses import API, LISTS, PAGES
from tools import private_servers

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
PICTURES = ROOT / "docs" / "images"
BEGIN, END = "<!-- growth: from here -->", "<!-- growth: to here -->"
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
FACTOR = 1.3  # from the smallest to the largest
SLOW = 100.0  # milliseconds of CPU of a list, by its own process and the database together
# Of milliseconds that few, a tenth more or less is noise.
NOISE = 0.5
SHOWN = (
    "front page", "reservations", "reservations, by e-mail", "reservations, by reference",
    "payments", "payments, by e-mail", "refunds", "webhook events", "ledger", "messages", "people",
    "people, by name", "showtimes", "movies",
)  # fmt: skip

Found = dict[str, list[float]]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--largest", type=int, default=100_000, help="reservations (100,000)")
    parser.add_argument("--times", type=int, default=9, help="the least of so many (9)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")


def run(options: Namespace) -> bool:
    """Print what each costs at each size; True if what guests ask does not grow."""
    sizes = [size for size in SIZES if size <= options.largest]
    found = {size: _measured(size, options.times) for size in sizes}
    text = tables(found)
    print(text)
    if options.write:
        _write(found, text)
    return not grown(found) and not slow(found)


def cpu(values: list[float]) -> float:
    """Milliseconds, of the process and of the database."""
    return values[0] + values[1]


def grown(found: dict[int, Found]) -> list[str]:
    """The names of what costs a guest more than the factor at the largest size."""
    first, last = found[min(found)], found[max(found)]
    return [
        address.name
        for address in (*API, *PAGES)
        if cpu(last[address.name]) > FACTOR * cpu(first[address.name]) + NOISE
    ]


def slow(found: dict[int, Found]) -> list[str]:
    """The names of the lists that take too long at the largest size."""
    last = found[max(found)]
    return [address.name for address in LISTS if cpu(last[address.name]) > SLOW]


def tables(found: dict[int, Found]) -> str:
    """CPU at each size, how many times the first the last is, and what the last reads."""
    sizes = sorted(found)
    head = ("milliseconds of CPU", *(f"{size:,}" for size in sizes), "times", "rows read")
    rows = []
    for address in (*API, *PAGES, *LISTS):
        costs = [cpu(found[size][address.name]) for size in sizes]
        rows.append((
            address.name,
            *(f"{cost:.1f}" for cost in costs),
            f"{costs[-1] / costs[0]:.2f}",
            f"{found[sizes[-1]][address.name][3]:,.0f}",
        ))  # fmt: skip
    return table.drawn(head, rows)


def _measured(reservations: int, times: int) -> Found:
    with (
        tempfile.TemporaryDirectory(prefix="cinema-bench-") as folder,
        private_servers.running() as servers,
    ):
        demo = {"VAR_DIR": folder, "DEMO": "on", "SECRET_KEY": "", "REDIS_URL": ""}
        environment = {**os.environ, **demo, **servers.environment()}
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        places = _inside("benchmarks.growth.rows", environment, reservations=reservations)
        asked = {"places": places, "times": times, "database": servers.database.pid}
        return dict(_inside("benchmarks.growth.reading", environment, **asked))


def _inside(module: str, environment: dict[str, str], **wanted: Any) -> Any:
    """What a module prints as JSON, run in a process with the product's environment."""
    ended = subprocess.run(
        [sys.executable, "-m", module, json.dumps(wanted)],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(ended.stdout)


def _write(found: dict[int, Found], text: str) -> None:
    sizes = sorted(found)
    pictures = {
        "growth-reads": ("What guests and programs read", [a.name for a in (*API, *PAGES)]),
        "growth-lists": ("Lists of the back office", [f"admin: {name}" for name in SHOWN]),
    }
    shown = []
    for file, (title, names) in pictures.items():
        series = {
            name.removeprefix("admin: "): [cpu(found[size][name]) for size in sizes]
            for name in names
        }
        unit = "milliseconds of CPU"
        (PICTURES / f"{file}.svg").write_text(curves.drawn(title, unit, sizes, series))
        shown.append(f"![{title}. {curves.in_words(unit, sizes, series)}](images/{file}.svg)")
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    parts = "\n\n".join([*shown, text])
    PAGE.write_text(f"{before}{BEGIN}\n{parts}\n{END}{after}")
