"""Asking the WSGI application itself, which Django's test client passes by."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from moviereservation.ready_answers import ReadyAnswers
from moviereservation.ready_answers.answer import Application
from moviereservation.wsgi import Handler
from showtimes.models import Showtime

BROWSER = {
    "HTTP_HOST": "testserver",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64)",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
}


@dataclass(frozen=True)
class Given:
    """`body` as it was before it was compressed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Clock:
    """Seconds, which pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Behind:
    """Django, and every request that came through to it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self._django = Handler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(environ)
        return self._django(environ, start_response)


def in_front_of(behind: Application) -> tuple[ReadyAnswers, Clock]:
    """Ready answers whose second is over when the clock is moved, never before."""
    clock = Clock()
    return ReadyAnswers(behind, clock=clock), clock


def ask(application: Application, path: str, *, method: str = "GET", **environ: Any) -> Given:
    """Ask as a browser does; None takes one of its headers away."""
    path, _mark, query = path.partition("?")
    asked = RequestFactory()._base_environ(
        **BROWSER, REQUEST_METHOD=method, PATH_INFO=path, QUERY_STRING=query
    )
    asked = {name: value for name, value in (asked | environ).items() if value is not None}
    began: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        began.append((status, headers))

    with the_tests_own_connection():
        answer = application(asked, start_response)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
    (status, listed), headers = began[0], dict(began[0][1])
    assert len(listed) == len(headers)
    packed = headers.get("Content-Encoding") == "gzip" and body
    return Given(int(status[:3]), headers, gzip.decompress(body) if packed else body)


@contextmanager
def the_tests_own_connection() -> Iterator[None]:
    """A request ends with its connection, and the transaction of a test is in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def addresses(showtime: Showtime) -> list[str]:
    """Every public read that is kept."""
    movie, slug = f"/movies/{showtime.movie_id}", showtime.movie.slug
    for_programs = (
        "/movies", movie, f"{movie}/showtimes", f"/showtimes/{showtime.pk}",
        f"/showtimes/{showtime.pk}/seats",
    )  # fmt: skip
    return [
        *for_programs,
        *(f"{path}/" for path in for_programs),
        "/movies?genre=Drama&pageSize=10",
        "/",
        "/?day=2027-01-01&search=gold",
        f"/whats-on/{slug}/",
        f"/whats-on/{slug}/{showtime.pk}.ics",
        "/sitemap.xml",
    ]
