"""Reads over HTTP: the same address again and again, by 8 clients on kept connections."""

from __future__ import annotations

import re
import time
import urllib.request
from dataclasses import asdict, dataclass

from benchmarks.browsing import Visit
from benchmarks.figures import crowd
from benchmarks.figures.crowd import Ask, Guest
from benchmarks.figures.meters import Trees
from benchmarks.figures.plan import Read
from benchmarks.figures.samples import Sample
from benchmarks.product import Product

CLIENTS = 8
WARM_UP = 0.15  # seconds
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


def sample(url: str, trees: Trees, read: Read, path: str, token: str, seconds: float) -> Sample:
    """As many as come in `seconds`, after a warm-up; steps: the read's key."""
    headers = LIST if read.path.startswith(PROGRAMS) else PAGE
    return _measured(url, trees, read.key, path, headers, token, seconds)


def unchanged(
    url: str, trees: Trees, read: Read, path: str, token: str, seconds: float
) -> Sample | None:
    """The same by clients who have it already; None when it comes without an ETag."""
    headers = LIST if read.path.startswith(PROGRAMS) else PAGE
    tag = _tag(url + path, headers, token)
    if not tag:
        return None
    headers += f"If-None-Match: {tag}\r\n"
    return _measured(url, trees, f"{read.key} 304", path, headers, token, seconds)


def path_of(read: Read, places: Places) -> str:
    return read.path.format(**asdict(places))


def _measured(
    url: str, trees: Trees, step: str, path: str, headers: str, token: str, seconds: float
) -> Sample:
    ask = Ask(step, crowd.request("GET", url, path, token=token, headers=headers))
    crowd.play([url], [_again(ask, WARM_UP) for _n in range(CLIENTS)])
    with trees.spent() as spent:
        played = crowd.unleash([url], [_again(ask, seconds) for _n in range(CLIENTS)])
    return Sample.of(step, 0, played, spent)


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
