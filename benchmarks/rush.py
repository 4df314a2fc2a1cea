"""rush: a crowd of buyers over HTTP, on one showtime and on many; nobody may be sold a sold seat.

python -m benchmarks rush                 seconds
python -m benchmarks rush --long          a million attempts
python -m benchmarks rush --database mariadb --at-once 200 --seats 10 --party 1
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from benchmarks import buyers, product, table

HEAD = ("database", "showtimes", "attempts", "sold seats", "of", "refused", "odd", "attempts/s",
        "hold p50 ms", "p99 ms", "audit")  # fmt: skip
# Attempts of each row: a million in all. SQLite has one worker, and MariaDB is what a rush is for.
LONG = {"mariadb": 400_000, "sqlite": 100_000}
ALLOWED = {200, 201, 202, 402, 409, 429, 503}


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--database", choices=("mariadb", "sqlite", "both"), default="both")
    parser.add_argument("--attempts", type=int, default=600, help="for each row of the table")
    parser.add_argument("--buyers", type=int, default=200, help="guests, in turn")
    parser.add_argument("--at-once", type=int, default=16, help="how many at any moment")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seats", type=int, help="seats of the showtime; all ten rows by default")
    parser.add_argument("--party", type=int, default=2, help="seats that each buyer wants")
    parser.add_argument("--long", action="store_true", help="a million attempts in all")


def run(options: Namespace) -> bool:
    """Print the table; True if nothing was oversold and every answer was one we allow."""
    databases = ("mariadb", "sqlite") if options.database == "both" else (options.database,)
    rows, clean = [], True
    for database in databases:
        if options.long:
            options.attempts = LONG[database]
        for showtimes in (1, 20):
            row, ok = _one(database, showtimes, options)
            rows.append(row)
            clean &= ok
            print(f"{dict(zip(HEAD, row, strict=True))}", file=sys.stderr, flush=True)
    print(table.drawn(HEAD, rows))
    return clean


def _one(database: str, showtimes: int, options: Namespace) -> tuple[tuple[object, ...], bool]:
    with product.running(database=database) as shop:
        wanted = {"guests": options.buyers, "showtimes": showtimes}
        if options.seats:
            wanted["plan"] = f"A  {'s' * options.seats}"
        stage = shop.stage(**wanted)
        share = options.buyers // options.processes
        jobs = [
            buyers.Job(
                url=shop.url,
                stripe_url=shop.stripe.url,
                tokens=stage["tokens"][n * share : (n + 1) * share],
                showtimes=stage["showtimes"],
                labels=stage["labels"],
                seats=options.party,
                attempts=options.attempts // options.processes,
                threads=options.at_once // options.processes,
                seed=n,
            )
            for n in range(options.processes)
        ]
        outcome, seconds = buyers.unleash(jobs)
        clean, report = shop.audit()
    sold = options.party * len(set(outcome.confirmed))
    seats = len(stage["labels"]) * showtimes
    # A card form may be refused: the same guest chose other seats, and the intent is gone.
    odd = {
        (step, status): n
        for (step, status), n in outcome.statuses.items()
        if step != "pay" and status not in ALLOWED
    }
    if not clean or odd or sold > seats:
        print(report, odd)
    row = (
        database, showtimes, outcome.attempts, sold, seats, outcome.statuses["hold", 409],
        sum(odd.values()), f"{outcome.attempts / seconds:.0f}",
        f"{1000 * outcome.percentile('hold', 0.5):.0f}",
        f"{1000 * outcome.percentile('hold', 0.99):.0f}", "clean" if clean else "BROKEN",
    )  # fmt: skip
    return row, clean and not odd and sold <= seats
