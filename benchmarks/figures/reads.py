"""Reads over HTTP: the same address again and again, by 8 clients on kept connections."""

from __future__ import annotations

import re
import time
import urllib.request
from collections import Counter
from dataclasses import asdict, dataclass

from benchmarks.browsing import Visit
from benchmarks.buyers import Outcome
from benchmarks.figures import crowd
from benchmarks.figures.crowd import Ask, Guest, Played
from benchmarks.figures.meters import Trees
from benchmarks.figures.plan import Read
from benchmarks.figures.samples import Sample
from benchmarks.product import Product

CLIENTS = 8
WARM_UP = 0.1  # seconds
SLICES = 4
PAGE = "Accept: text/html\r\nAccept-Language: en\r\nAccept-Encoding: gzip\r\n"
PROGRAMS = ("/movies", "/showtimes", "/reservations")
LIST = "Accept: application/json\r\n"


@dataclass(frozen=True)
class Places:
    """What stands in the addresses: a movie that is on, and a showtime of it."""

    movie: int
    showtime: int
    slug: str

    @classmethod
    def of(cls, shop: Product) -> Places:
        """The first movie on the front page that has a showtime with seats."""
        visit = Visit(shop)
        for slug in dict.fromkeys(re.findall(r'href="/whats-on/([^/"]+)/"', visit.read("/"))):
            page = visit.read(f"/whats-on/{slug}/")
            found = re.search(r'href="/book/(\d+)/"', page)
            if found:
                showtime = visit.api("GET", f"/showtimes/{found[1]}")
                return cls(showtime["movieId"], showtime["id"], slug)
        raise RuntimeError("No movie of the front page can be booked.")


def samples(
    url: str, trees: Trees, read: Read, path: str, token: str, seconds: float
) -> list[Sample]:
    """As many as come in `seconds`; if it has an ETag, also by clients who have it already.

    Both in turn, a slice of time each: what else the machine does meets both. Steps: the read's
    key, and that with ` 304`.
    """
    headers = LIST if read.path.startswith(PROGRAMS) else PAGE
    asks = [Ask(read.key, crowd.request("GET", url, path, token=token, headers=headers))]
    tag = _tag(url + path, headers, token) if read.tagged else ""
    if tag:
        headers += f"If-None-Match: {tag}\r\n"
        data = crowd.request("GET", url, path, token=token, headers=headers)
        asks.append(Ask(f"{read.key} 304", data))
    for ask in asks:
        crowd.play([url], _clients(ask, WARM_UP))
    played = {ask: Played(Outcome(), 0.0, 0.0) for ask in asks}
    spent: dict[Ask, Counter[str]] = {ask: Counter() for ask in asks}
    for ask in asks * SLICES:
        with trees.spent() as cpu:
            slice_of_it = crowd.unleash([url], _clients(ask, seconds / SLICES))
        spent[ask].update(cpu)
        played[ask] = played[ask].and_then(slice_of_it)
    return [Sample.of(ask.step, 0, played[ask], dict(spent[ask])) for ask in asks]


def path_of(read: Read, places: Places) -> str:
    return read.path.format(**asdict(places))


def _clients(ask: Ask, seconds: float) -> list[Guest]:
    return [_again(ask, seconds) for _n in range(CLIENTS)]


def _again(ask: Ask, seconds: float) -> Guest:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        yield ask


def _tag(url: str, headers: str, token: str) -> str:
    fields = dict(line.split(": ", 1) for line in headers.strip().split("\r\n"))
    if token:
        fields["Authorization"] = f"Bearer {token}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=fields), timeout=30) as answer:
        return answer.headers.get("ETag") or ""
