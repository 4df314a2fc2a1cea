"""profile: where the microseconds of one booking and of one read go, part by part.

    make bench ARGS=profile
    make bench ARGS="profile --times 300"

The product's WSGI application in one process, with its servers and the stand-in, no web server
before it. CPU is measured without a profiler; what the profiler says of the parts (cProfile, by the
CPU clock) is scaled to it. Waiting is what calls to servers take by the wall clock beyond it.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import product, table
from benchmarks.figures.plan import READS
from benchmarks.figures.reads import Places, path_of
from benchmarks.inside import parts
from benchmarks.inside.counter import Counter

WARM = 20
LEAST = 5  # microseconds of a part that is shown by its name
READ = next(read for read in READS if read.key == "times")
Work = Callable[[int], Any]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--times", type=int, default=100, help="of each, three times (100)")


def run(options: Namespace) -> bool:
    """Print a table for each step. Nothing is proved."""
    with product.running(durable=True) as shop:
        shop.stripe.fault("webhook *", "lose")
        shop.manage("seed_demo")
        print(tables(shop, options.times))
    return True


def tables(shop: product.Product, times: int) -> str:
    """A table for each step, as Markdown. The demo cinema is open."""
    number = WARM + 3 * times
    stage = shop.stage(guests=number, showtimes=1 + number // 90)
    path = path_of(READ, Places.of(shop))
    found = shop.inside("benchmarks.inside.profile", stage=stage, times=times, path=path)
    drawn = []
    for step, told in found.items():
        head = (step, "CPU µs", "waiting µs")
        rows = [("in all", f"{told['cpu']:.0f}", f"{told['wall'] - told['cpu']:.0f}")]
        drawn.append(table.drawn(head, rows + _rows(told["parts"])))
    return "\n\n".join(drawn)


def _rows(found: dict[str, list[float]]) -> list[tuple[str, str, str]]:
    order = sorted(found.items(), key=lambda item: -item[1][0])
    shown = [(name, cpu, waiting) for name, (cpu, waiting) in order if max(cpu, waiting) >= LEAST]
    rest = [times for _name, times in order if max(times) < LEAST]
    shown.append(("all else", sum(cpu for cpu, _wait in rest), sum(wait for _cpu, wait in rest)))
    return [(name, f"{cpu:.0f}", f"{waiting:.0f}") for name, cpu, waiting in shown]


def main(stage: dict[str, Any], times: int, path: str) -> dict[str, Any]:
    """Microseconds: `cpu` and `wall` of each step, and of its `parts` CPU and waiting."""
    counter, buyers = Counter(), _buyers(stage)
    token = stage["tokens"][0]
    held: list[tuple[str, str]] = []

    def hold(_n: int) -> None:
        buyer, showtime, seats = next(buyers)
        held.append((buyer, counter.hold(buyer, showtime, seats)[1]))

    def settle(n: int) -> None:
        counter.settle(*held[n])

    def pay_all() -> None:
        for _buyer, intent in held:
            counter.pay(intent)

    for n in range(WARM):
        hold(n)
    pay_all()
    for n in range(WARM):
        settle(n)
    held.clear()
    steps: dict[str, Any] = {"hold": _measured(hold, times)}
    pay_all()
    steps["settle"] = _measured(settle, times)
    steps[f"GET {READ.path}, a stranger"] = _measured(lambda _n: counter.read(path), times)
    steps[f"GET {READ.path}, with a token"] = _measured(lambda _n: counter.read(path, token), times)
    return steps


def _buyers(stage: dict[str, Any]) -> Iterator[tuple[str, int, list[str]]]:
    pairs = [list(pair) for pair in zip(stage["labels"][::2], stage["labels"][1::2], strict=True)]
    places = [(showtime, pair) for showtime in stage["showtimes"] for pair in pairs]
    for token, (showtime, pair) in zip(stage["tokens"], places, strict=False):
        yield token, showtime, pair


def _measured(work: Work, times: int) -> dict[str, Any]:
    """Three rounds: without a profiler, by the CPU clock, and by the wall clock."""
    number = iter(range(3 * times))

    def do_all() -> None:
        for _n in range(times):
            work(next(number))

    wall, cpu = time.perf_counter(), time.process_time()
    do_all()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    by_cpu = parts.profiled(do_all, time.thread_time)
    by_wall = parts.profiled(do_all, time.perf_counter)
    of_cpu = parts.shared(by_cpu)
    busy, blocked = (parts.shared(stats, blocking=True) for stats in (by_cpu, by_wall))
    scale = cpu / sum(of_cpu.values())

    def each(seconds: float) -> float:
        return 1e6 * seconds / times

    return {
        "cpu": each(cpu),
        "wall": each(wall),
        "parts": {
            name: (each(scale * own), each(max(blocked.get(name, 0) - busy.get(name, 0), 0)))
            for name, own in of_cpu.items()
        },
    }


if __name__ == "__main__":
    json.dump(main(**json.loads(sys.argv[1])), sys.stdout)
