"""However much was ever sold, a page and a list of the back office read about as many rows."""

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from math import prod
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.growth import campaign, curves, reading, rows
from benchmarks.growth.addresses import ALL, Address
from reservations.models import Reservation

on_mariadb = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("mysql"), reason="filled by MariaDB's means"
)
# Rows that a list may read: the keys of the first thousand, for a search those of a thousand
# records that lead to them, and what is shown of a page.
MOST = 20_000
SORTED = "Using filesort", "Using temporary"
LISTED = Address("", "/admin/reservations/reservation/", "owner")


def look_at_every_address(reservations: int) -> tuple[dict[str, int], list[str]]:
    """The rows that each reads, and what it sorts of more than `MOST` rows."""
    places = rows.fill(reservations, guests=reservations, showtimes=reservations)
    where, ask = reading.paths(places), reading.asking(places)
    read, sorts = {}, []
    for address in ALL:
        path = address.path.format(**where)
        with CaptureQueriesContext(connection) as asked:
            read[address.name] = reading.rows_read(request(ask, address, path))
        sorts += [
            f"{address.name}: {plan} of {query['sql'][:2000]}"
            for query in asked.captured_queries
            for plan in sorting(query["sql"])
        ]
    return read, sorts


def request(ask: Callable[..., None], address: Address, path: str) -> Callable[[], None]:
    return lambda: ask(address, path)


def sorting(sql: str) -> list[Any]:
    """The lines of the plan that sort more rows than that, or copy them to a table.

    Of a join it says so at its first table, and means what all of its tables give together.
    """
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
        names = [column[0] for column in cursor.description]
        plan = [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]
    return [
        line
        for line in plan
        if any(words in (line["Extra"] or "") for words in SORTED)
        and prod(int(of["rows"] or 1) for of in plan if of["id"] == line["id"]) > MOST
    ]


def too_many(read: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in read.items() if count > MOST}


@on_mariadb
@pytest.mark.django_db(transaction=True)
def test_nothing_reads_or_sorts_all_that_was_ever_sold():
    read, sorts = look_at_every_address(40_000)
    assert too_many(read) == {}
    assert sorts == []
    # The controls: what Django's lists do by themselves.
    joined = Reservation.objects.select_related("showtime__auditorium").order_by("-pk")
    for usual in (
        lambda: Reservation.objects.count(),
        lambda: list(joined.filter(guest__name__icontains="zzz")[:50]),
    ):
        assert reading.rows_read(usual) > MOST
    assert sorting(str(joined.order_by("amount").query))


@pytest.mark.long
@on_mariadb
@pytest.mark.django_db(transaction=True)
def test_neither_does_anything_at_200_000():
    read, sorts = look_at_every_address(200_000)
    assert too_many(read) == {}
    assert sorts == []


def test_what_grows_and_what_is_slow_is_named():
    small = {address.name: [4.0, 1.0, 9.0, 100.0] for address in ALL}
    large = {**small, "movies": [9.0, 1.0, 9.0, 100.0], "admin: ledger": [60.0, 50.0, 0.0, 9.0]}
    assert campaign.grown({100: small, 1000: large}) == ["movies"]
    assert campaign.slow({100: small, 1000: large}) == ["admin: ledger"]
    assert campaign.grown({100: small, 1000: small}) == campaign.slow({100: small}) == []
    assert re.search(r"\| movies +\| 5\.0 +\| 10\.0 +\| 2\.00 +\| 100", campaign.tables(
        {100: small, 1000: large}
    ))  # fmt: skip


def test_curves_are_an_svg_with_a_line_a_series_and_a_description():
    series = {"a <list>": [1.0, 2.0, 3.0], "another": [4.0, 4.0, 4.5]}
    drawing = ET.fromstring(curves.drawn("Title", "ms", [100, 1000, 10_000], series))
    tag = "{http://www.w3.org/2000/svg}"
    assert len(drawing.findall(f"{tag}polyline")) == 2
    assert "a <list> from 1.0 to 3.0" in (drawing.findtext(f"{tag}desc") or "")
    lines = [line.get("points", "").split() for line in drawing.findall(f"{tag}polyline")]
    # The highest is named first, on the right; its points lie higher, where y is less.
    assert float(lines[0][-1].split(",")[1]) < float(lines[1][-1].split(",")[1])
