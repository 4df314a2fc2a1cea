"""What the web server calls never raises, also where Django itself reads before it handles."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from moviereservation.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_tests_own_connection() -> Iterator[None]:
    """A request ends with its connection; this test's transaction is in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(path: str, query: str = "", **environ: Any) -> tuple[str, dict[str, Any]]:
    """Status line and problem document of a GET, straight through the WSGI application."""
    seen: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]]) -> None:
        seen.append(status)

    whole = RequestFactory()._base_environ(PATH_INFO=path, QUERY_STRING=query, **environ)
    answer = application(whole, start)
    body = b"".join(answer)
    answer.close()
    return seen[0], json.loads(body)


@pytest.mark.parametrize("charset", ["hex", "zlib", "base64", "rot13", "utf-16", "idna", "latin-1"])
@pytest.mark.parametrize("path", ["/movies", "/"])
def test_a_charset_that_is_not_utf_8_is_refused_and_breaks_nothing(charset, path):
    status, told = ask(path, "genre=%C3%A9", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert (status, told["code"]) == ("415 Unsupported Media Type", "unsupported_media_type")


def test_a_query_of_too_many_parts_is_refused_and_breaks_nothing():
    query = "&".join(f"a{n}=1" for n in range(1500))
    status, told = ask("/movies", query, CONTENT_TYPE="application/json; charset=utf-8")
    assert (status, told["code"]) == ("400 Bad Request", "malformed")


def test_a_query_is_read_as_utf_8():
    status, told = ask("/movies", "genre=%C3%A9&search=%ff", CONTENT_TYPE="nonsense; charset=x-y")
    assert (status, told["code"]) == ("415 Unsupported Media Type", "unsupported_media_type")
    status, told = ask("/movies", "genre=%C3%A9&search=%ff")
    assert (status, told) == ("200 OK", [])
