"""Every address asked in one process of the product: CPU, the database's CPU, time and rows read.

    python -m benchmarks.growth.reading '{"places": {…}, "times": 5, "database": 4711}'

prints JSON: for each address the least milliseconds of its CPU, of the database's and of the whole,
and the rows that the database read. Nothing is answered from a cache.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")
os.environ.setdefault("ACCESS_TOKEN_SECONDS", "86400")

from benchmarks.growth.addresses import ALL, Address
from benchmarks.product import cpu_seconds

OWNER = "owner.of.growth@example.org"


def measured(places: dict[str, Any], times: int, database: int) -> dict[str, list[float]]:
    """`database` is the server's process id. Raises RuntimeError for an answer that is not 200."""
    where, ask = paths(places), asking(places)
    found = {}
    for address in ALL:
        path = address.path.format(**where)
        ask(address, path)
        rounds = [_round(lambda: ask(address, path), database) for _n in range(times)]  # noqa: B023
        least = [round(min(values), 3) for values in zip(*rounds, strict=True)]
        found[address.name] = [*least, rows_read(lambda: ask(address, path))]  # noqa: B023
    return found


def asking(places: dict[str, Any]) -> Callable[[Address, str], None]:
    """A function that asks for a path as who may see it."""
    from django.core.cache import caches
    from django.test import Client
    from django.utils import timezone

    from accounts.credentials import tokens
    from accounts.models import User
    from movies import cached_reads
    from reservations.booking import looks

    guest = User.objects.get(pk=places["guest"])
    owner = User.objects.filter(email=OWNER).first()
    owner = owner or User.objects.create_superuser(OWNER, None, name="Owner")  # type: ignore[arg-type]
    clients = {"guest": Client(), "owner": Client()}
    clients["guest"].force_login(guest)
    clients["owner"].force_login(owner)
    for name, person in (("token", guest), ("owner's token", owner)):
        token = tokens.issue(person, now=timezone.now()).token
        clients[name] = Client(headers={"authorization": f"Bearer {token}"})

    def ask(address: Address, path: str) -> None:
        for cache in caches.all():
            if not address.path.startswith("/admin"):
                cache.clear()
        cached_reads._recent = ("", 0.0)
        looks._plan_seen.clear()
        answer = clients[address.who].get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        b"".join(answer) if answer.streaming else answer.content

    return ask


def paths(places: dict[str, Any]) -> dict[str, Any]:
    """What stands in the addresses."""
    from django.utils import timezone

    from reservations.models import Reservation

    now = timezone.now()
    first = Reservation.objects.order_by("pk").values_list("pk", flat=True)[0]
    last = Reservation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    middle = Reservation.objects.select_related("payment", "showtime").get(
        pk=first + (last - first) // 40 * 20 + 1
    )
    return {
        **places,
        "movie": places["movies"][3],
        "room": places["rooms"][0],
        "last": min(20, -(-(last - first + 1) // 50)),
        "day": (now - timedelta(days=2)).date().isoformat(),
        "past": middle.showtime_id,
        "since": f"{now - timedelta(days=1):%Y-%m-%d} 00:00:00%2B00:00",
        "long_ago": "2020-01-01 00:00:00%2B00:00",
        "reference": middle.reference,
        "intent": middle.payment.intent_id,
    }


def rows_read(work: Callable[[], None]) -> int:
    """How many rows and index entries the database read for it."""
    before = _reads()
    work()
    return _reads() - before


def _reads() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%%'")
        return sum(int(value) for name, value in cursor.fetchall() if name != "Handler_read_retry")


def _round(work: Callable[[], None], database: int) -> tuple[float, float, float]:
    spent, at_database, began = time.process_time(), cpu_seconds(database), time.perf_counter()
    work()
    return (
        1000 * (time.process_time() - spent),
        1000 * (cpu_seconds(database) - at_database),
        1000 * (time.perf_counter() - began),
    )


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    json.dump(measured(**json.loads(sys.argv[1])), sys.stdout)
