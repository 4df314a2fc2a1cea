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
WORKERS = 3
HOUSEKEEPING = 1.0  # seconds between two rounds
A_MINUTE = 60.0


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--long", action="store_true", help="every place, and 200 kills at random")
    parser.add_argument("--only", choices=list(PARTS))


def run(options: Namespace) -> bool:
    """Play the parts, and after each ask the audit; True if all was well."""
    parts = [options.only] if options.only else list(PARTS)
    guests, showtimes = (4500, 40) if options.long else (400, 5)
    with product.running(
        workers=WORKERS, durable=True, housekeeping=HOUSEKEEPING, application=APPLICATION
    ) as shop:
        books = Books(shop.environment["DATABASE_URL"], shop.stripe)
        scene = Scene(shop, books, shop.stage(guests=guests, showtimes=showtimes))
        reaper = Reaper(shop, APPLICATION, housekeeping=HOUSEKEEPING)
        with reaper.supervised():
            outcomes = [_play(part, scene, reaper, long=options.long) for part in parts]
    return all(outcomes)


def _play(part: str, scene: Scene, reaper: Reaper, *, long: bool) -> bool:
    title, play, short, whole = PARTS[part]
    print(f"## {title}\n", flush=True)
    fine = play(scene, reaper, whole if long else short)
    scene.books.end_holds()
    _waited, unsettled = scene.books.wait_until_settled(A_MINUTE)
    clean, report = scene.shop.audit()
    print(f"\naudit after {reaper.kills.total()} kills: {'clean' if clean else report}")
    for entry in unsettled:
        print(f"WRONG not settled: {entry}")
    print(flush=True)
    return fine and clean and not unsettled


Play = Callable[[Scene, Reaper, int | None], bool]
# Title, verb, and how many kills or places in the short and in the long mode (None: all).
PARTS: dict[str, tuple[str, Play, int, int | None]] = {
    "steps": ("A web worker killed at every place", crash_steps.kill_at_every_place, 6, None),
    "chaos": ("Everything killed at random", crash_chaos.kill_at_random, 6, 200),
    "frozen": ("A worker frozen past its hold", crash_frozen.freeze_and_wake, 1, None),
}
