"""memory: what a web worker holds after many requests: it must stop growing.

    python -m benchmarks memory                        20,000 requests, a minute or two
    python -m benchmarks memory --requests 1000000     hours

One worker of four threads. Of ten requests six read without a log-in, two of these with a query
that nobody sent before; two read with a token, one is sent from a list of the back office to its
log-in, one asks for what there is not.
"""

from __future__ import annotations

import http.client
from argparse import ArgumentParser, Namespace
from concurrent.futures import ThreadPoolExecutor

from benchmarks import table
from benchmarks.figures.reads import Places
from benchmarks.product import Product, children, resident_megabytes, running

MOST = 120.0  # MB of a worker
STEPS = 10
THREADS = 4
# From half of the requests to all of them, in MB: what is no noise.
GROWTH = 3.0


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--requests", type=int, default=20_000)


def run(options: Namespace) -> bool:
    """Print the worker's memory on the way; True if it is small and does not grow any more."""
    with running(workers=1) as shop:
        shop.manage("seed_demo")
        stage = shop.stage(guests=THREADS)
        places = Places.of(shop)
        rows, held = [("0", f"{_megabytes(shop):.1f}")], []
        each = options.requests // STEPS
        with ThreadPoolExecutor(THREADS) as threads:
            for step in range(STEPS):
                first = step * each
                work = [
                    threads.submit(
                        _ask, shop, places, token, range(first + n, first + each, THREADS)
                    )
                    for n, token in enumerate(stage["tokens"])
                ]
                for one in work:
                    one.result()
                held.append(_megabytes(shop))
                print(f"{first + each:,} …", flush=True)
                rows.append((f"{first + each:,}", f"{held[-1]:.1f}"))
    print(table.drawn(("requests", "MB of the worker"), rows))
    return max(held) <= MOST and held[-1] - held[STEPS // 2 - 1] <= GROWTH


def _megabytes(shop: Product) -> float:
    assert shop.web is not None
    return max(resident_megabytes(pid) for pid in children(shop.web.pid))


def _ask(shop: Product, places: Places, token: str, numbers: range) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=60)
    known = {"Authorization": f"Bearer {token}"}
    for number in numbers:
        path, headers = (
            ("/movies", {}),
            (f"/whats-on/{places.slug}/", {}),
            (f"/showtimes/{places.showtime}/seats", {}),
            (f"/?q={number}", {}),
            (f"/movies?search={number}", {}),
            (f"/movies/{places.movie}/showtimes", known),
            ("/reservations/my-reservations", known),
            (f"/admin/reservations/reservation/?q={number}", {}),
            (f"/nothing/{number}", {}),
            (f"/book/{places.showtime}/", {}),
        )[number // THREADS % 10]
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 500:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
