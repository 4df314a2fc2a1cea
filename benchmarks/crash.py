"""crash: kill -9 of everything, at random and at every named place, while guests buy.

    python -m benchmarks crash                seconds
    python -m benchmarks crash --long         some hundred kills
    python -m benchmarks crash --only steps   one of: steps, chaos, frozen
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from benchmarks import crash_steps, product
from benchmarks.books import Books
from benchmarks.deeds import Scene
from benchmarks.killing import Reaper

APPLICATION = "benchmarks.crashing_wsgi:application"
PARTS = ("steps", "chaos", "frozen")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--long", action="store_true", help="every place, and 200 kills at random")
    parser.add_argument("--only", choices=PARTS)


def run(options: Namespace) -> bool:
    fine = True
    with product.running(
        workers=4, durable=True, housekeeping=1.0, application=APPLICATION
    ) as shop:
        books = Books(shop.environment["DATABASE_URL"], shop.stripe)
        scene = Scene(shop, books, shop.stage(guests=1500, showtimes=20))
        reaper = Reaper(shop, APPLICATION)
        fine &= crash_steps.kill_at_every_place(scene, reaper, at_most=None if options.long else 12)
        print(dict(reaper.kills))
        clean, report = shop.audit()
        print(report)
    return fine and clean
