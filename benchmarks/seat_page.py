"""seat_page: what the seat page of a large auditorium costs, cold and from the cache.

    python -m benchmarks seat_page            100 of each, a few seconds
    python -m benchmarks seat_page --long     1000 of each

Through the whole WSGI application in this process, on SQLite, half of the seats gone. CPU is user
and system time of the process for one answer. Cold: nothing is cached, seat plan and occupancy are
read and the page is drawn. Warm: as it is for everybody but the first after a seat has changed.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from benchmarks import table

ROWS = "ABCDEFGHJKLMNPQRSTUV"
PLAN = "\n".join(f"{row}  {'s' * 10}_{'p' * 10}" for row in ROWS)  # 400 seats
AIMS = {"page, cold": 25.0, "page, warm": 2.0, "page, warm, compressed": 2.0}  # ms of CPU


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pages", type=int, default=100, help="of each kind")
    parser.add_argument("--long", action="store_true")


def run(options: Namespace) -> bool:
    """Print the table; True if cold and warm pages are within their aims."""
    pages = 1000 if options.long else options.pages
    with tempfile.TemporaryDirectory(prefix="cinema-bench-") as folder:
        url = _open(folder)
        rows = [_measured(*row, pages) for row in _rows(url)]
    print(table.drawn(("what", "status", "bytes", "SQL", "CPU ms"), rows))
    return all(float(row[4]) < AIMS.get(str(row[0]), float("inf")) for row in rows)


def _open(folder: str) -> str:
    """A cinema with one showtime, half its seats held; the path of its seat page."""
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "VAR_DIR": folder, "REDIS_URL": "",
        "SECRET_KEY": "", "DEMO": "on", "DEBUG": "off", "RATE_LIMITS": "off",
    }  # fmt: skip
    from django.core.management import call_command

    from benchmarks import stage  # sets Django up, with this environment

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    staged: dict[str, Any] = stage.main(guests=20, plan=PLAN)

    from django.utils import timezone

    from reservations import booking
    from reservations.booking.holder import Holder
    from reservations.seating.wishes import Labels

    for guest, row in zip(staged["guests"], ROWS, strict=True):
        labels = [f"{row}{number}" for number in range(6, 16)]
        booking.hold(
            Holder(guest_id=guest), staged["showtimes"][0], Labels(labels), now=timezone.now()
        )
    return f"/book/{staged['showtimes'][0]}/"


def _rows(page: str) -> list[tuple[str, str, Callable[[], None], dict[str, str]]]:
    seats = f"/showtimes/{page.split('/')[2]}/seats"
    tag = _answer(seats, {})[1]["ETag"]
    return [
        ("page, cold", page, _forget, {}),
        ("page, warm", page, _nothing, {}),
        ("page, warm, compressed", page, _nothing, {"HTTP_ACCEPT_ENCODING": "gzip"}),
        ("seat map, cold", seats, _forget, {}),
        ("seat map, warm", seats, _nothing, {}),
        ("live refresh, nothing new", seats, _nothing, {"HTTP_IF_NONE_MATCH": tag}),
        ("suggestions for four, cold", f"{seats}/suggestions?party=4", _forget, {}),
        ("suggestions for four, warm", f"{seats}/suggestions?party=4", _nothing, {}),
    ]


def _measured(
    name: str, path: str, before: Callable[[], None], extra: dict[str, str], times: int
) -> tuple[object, ...]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    before()
    with CaptureQueriesContext(connection) as queries:
        status, _headers, size = _answer(path, extra)
    statements = len(queries)
    spent = 0.0
    for _n in range(times):
        before()
        began = time.process_time()
        _answer(path, extra)
        spent += time.process_time() - began
    return name, status, size, statements, f"{1000 * spent / times:.2f}"


def _answer(path: str, extra: dict[str, str]) -> tuple[str, dict[str, str], int]:
    """One request through the WSGI application, as a web server would make it."""
    from moviereservation.wsgi import application

    path_info, _mark, query = path.partition("?")
    seen: list[tuple[str, dict[str, str]]] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path_info, "QUERY_STRING": query,
        "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "HTTP_HOST": "localhost:8000",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        **extra,
    }  # fmt: skip
    body = application(environ, lambda status, headers: seen.append((status, dict(headers))))
    size = sum(len(part) for part in body)
    body.close()
    status, headers = seen[0]
    return status.split()[0], headers, size


def _forget() -> None:
    from django.core.cache import caches

    from showtimes.seat_plan import plan_at

    plan_at.cache_clear()
    for cache in caches.all():
        cache.clear()


def _nothing() -> None:
    pass
