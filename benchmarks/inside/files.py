"""files: through how many files of ours one hold, one settle and one cancel go; and which.

    make bench ARGS=files

Counted are files of the apps in which a function runs while the verb does: between the first call
into its room and its end. What a request passes before and afterwards (web, log-in, answer) and the
ground (`moviereservation`) are counted apart.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

from benchmarks import product, table
from benchmarks.inside.counter import Counter

APPS = ("accounts/", "movies/", "payments/", "reservations/", "showtimes/")
GROUND = "moviereservation/"
WARM = 5  # of each verb, before the one that is counted
HEAD = ("verb", "files of apps", "aim", "", "of the ground", "in the whole request")


class Verb(NamedTuple):
    room: str
    aim: int


class Touched(NamedTuple):
    """Files in the order in which they were touched: by the verb, and by the whole request."""

    verb: list[str]
    request: list[str]


VERBS = {
    "hold": Verb("reservations/booking/", 8),
    "settle": Verb("reservations/checkout/", 9),
    "cancel": Verb("reservations/checkout/", 9),
}


def arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> bool:
    """Print the table and the files; True if every verb is within its aim."""
    with product.running() as shop:
        stage = shop.stage(guests=WARM + 1, showtimes=1)
        found = shop.inside("benchmarks.inside.files", **stage)
    rows, met = [], True
    for name, verb in VERBS.items():
        touched = Touched(*found[name])
        apps = [file for file in touched.verb if file.startswith(APPS)]
        ground = [file for file in touched.verb if file.startswith(GROUND)]
        met &= len(apps) <= verb.aim
        rows.append((name, len(apps), verb.aim, "met" if len(apps) <= verb.aim else "not met",
                     len(ground), len(touched.request)))  # fmt: skip
        print("\n    ".join([f"{name}:", *apps, *(f"({file})" for file in ground)]))
    print(f"\n{table.drawn(HEAD, rows)}")
    return met


def touched(work: Callable[[], Any], room: str) -> tuple[Any, Touched]:
    """What `work` returns, and the files of ours in which a function ran."""
    ours = f"{product.ROOT}/"
    request: dict[str, None] = {}
    verb: dict[str, None] = {}
    depth = 0

    def notice(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal depth
        if event == "return":
            depth -= depth > 0
        if event != "call":
            return
        file = frame.f_code.co_filename.removeprefix(ours)
        depth += depth > 0 or file.startswith(room)
        if file.startswith((*APPS, GROUND)):
            request[file] = None
            if depth:
                verb[file] = None

    sys.setprofile(notice)
    try:
        result = work()
    finally:
        sys.setprofile(None)
    return result, Touched(list(verb), list(request))


def main(stage: dict[str, Any]) -> dict[str, Touched]:
    """One guest after the other holds, pays, settles and cancels; the last one is counted."""
    counter, found = Counter(), dict[str, Touched]()
    [showtime], labels = stage["showtimes"], stage["labels"]
    for number, token in enumerate(stage["tokens"]):
        seats = labels[2 * number : 2 * number + 2]
        (reservation, intent), found["hold"] = touched(
            lambda token=token, seats=seats: counter.hold(token, showtime, seats),
            VERBS["hold"].room,
        )
        counter.pay(intent)
        _none, found["settle"] = touched(
            lambda token=token, intent=intent: counter.settle(token, intent), VERBS["settle"].room
        )
        _none, found["cancel"] = touched(
            lambda token=token, key=reservation: counter.cancel(token, key), VERBS["cancel"].room
        )
    return found


if __name__ == "__main__":
    json.dump(main(json.loads(sys.argv[1])), sys.stdout)
