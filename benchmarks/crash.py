"""crash: kill -9 of everything, at random and at every named place, while guests buy.

python -m benchmarks crash                a dozen kills
python -m benchmarks crash --long         every place, 200 kills at random
python -m benchmarks crash --only steps   one part of it: steps, chaos, frozen
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from benchmarks import crash_chaos, crash_frozen, crash_steps, product
from benchmarks.books import Books
from benchmarks.deeds import Scene
from benchmarks.killing import Reaper

APPLICATION = "benchmarks.crashing_wsgi:application"
WORKERS = 4
HOUSEKEEPING = 1.0  # seconds between two rounds


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--long", action="store_true", help="every place, and 200 kills at random")
    parser.add_argument("--only", choices=PARTS)


def run(options: Namespace) -> bool:
    """Each part on a product of its own, and the audit of its records after it."""
    parts = [options.only] if options.only else list(PARTS)
    outcomes = [_one(part, options.long) for part in parts]  # also after one that failed
    return all(outcomes)


def _one(part: str, long: bool) -> bool:
    play, title, guests, housekeeping = PARTS[part]
    print(f"\n## {title}\n", flush=True)
    with product.running(
        workers=WORKERS, durable=True, housekeeping=housekeeping, application=APPLICATION
    ) as shop:
        books = Books(shop.environment["DATABASE_URL"], shop.stripe)
        stage = shop.stage(guests=guests if long else guests // 10, showtimes=20 if long else 5)
        reaper = Reaper(shop, APPLICATION, housekeeping=HOUSEKEEPING)
        fine = play(Scene(shop, books, stage), reaper, long)
        books.end_holds()
        _waited, unsettled = books.wait_until_settled(60)
        clean, report = shop.audit()
    print(f"\naudit after {reaper.kills.total()} kills: {'clean' if clean else report}")
    for entry in unsettled:
        print(f"WRONG not settled: {entry}")
    return fine and clean and not unsettled


def _steps(scene: Scene, reaper: Reaper, long: bool) -> bool:
    return crash_steps.kill_at_every_place(scene, reaper, at_most=None if long else 8)


def _chaos(scene: Scene, reaper: Reaper, long: bool) -> bool:
    return crash_chaos.kill_at_random(scene, reaper, kills=200 if long else 8)


def _frozen(scene: Scene, reaper: Reaper, long: bool) -> bool:
    return crash_frozen.freeze_and_wake(scene, reaper, at_most=None if long else 1)


Play = Callable[[Scene, Reaper, bool], bool]
PARTS: dict[str, tuple[Play, str, int, float | None]] = {
    "steps": (_steps, "A web worker killed at every place", 1200, HOUSEKEEPING),
    "chaos": (_chaos, "Everything killed at random", 3000, HOUSEKEEPING),
    "frozen": (_frozen, "A worker frozen past its hold", 400, None),
}
