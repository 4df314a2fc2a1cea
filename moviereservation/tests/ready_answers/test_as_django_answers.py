"""A ready answer is the one that Django gives, header by header."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from moviereservation.ready_answers.answer import OF_THE_BODY
from moviereservation.ready_answers.keys import FOR_PROGRAMS, READS
from moviereservation.tests.ready_answers.asking import (
    Behind,
    Given,
    addresses,
    ask,
    in_front_of,
)
from moviereservation.web.addresses import is_api
from moviereservation.wsgi import Handler
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db
TOKEN = "abcdefgh" * 4
HTTPS = {"wsgi.url_scheme": "https"}


@pytest.fixture
def _time_stands_still(monkeypatch):
    """A calendar file says when it was made."""
    now = datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def in_production(settings):
    """As behind TLS, with all that Django then tells a browser."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.ALLOWED_HOSTS = ["testserver"]


def told(given: Given) -> tuple[int, dict[str, str], bytes]:
    """Without what Django makes another for each answer: so many bytes that mean nothing."""
    headers = dict(given.headers)
    if headers.get("Content-Encoding") == "gzip":
        del headers["Content-Length"]
    if policy := headers.pop("Content-Security-Policy", ""):
        headers["Content-Security-Policy"] = "; ".join(sorted(policy.split("; ")))
    return given.status, headers, given.body


@pytest.mark.usefixtures("_time_stands_still", "in_production")
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"HTTP_ACCEPT_ENCODING": None},
        {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9"},
        {"HTTP_ACCEPT_LANGUAGE": None, "HTTP_COOKIE": f"django_language=de; csrftoken={TOKEN}"},
        {"method": "HEAD"},
        {"HTTP_IF_NONE_MATCH": '"something else"'},
    ],
)
def test_every_ready_answer_is_what_django_says(asked):
    showtime = make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    for path in addresses(showtime):
        expected = ask(Handler(), path, **HTTPS, **asked)
        assert expected.status == 200
        built = ask(ready, path, **HTTPS, **asked)
        before = len(behind.asked)
        kept = ask(ready, path, **HTTPS, **asked)
        assert len(behind.asked) == before, path
        if asked.get("method") == "HEAD":
            # Django leaves a HEAD's body to the web server, and makes no tag without one.
            tag = {"ETag": kept.headers["ETag"]}
            expected = Given(200, expected.headers | tag, b"")
        assert told(kept) == told(built) == told(expected), path
        assert "Strict-Transport-Security" in kept.headers


@pytest.mark.usefixtures("_time_stands_still", "in_production")
def test_who_has_it_already_is_told_304_with_djangos_headers():
    showtime = make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    for path in addresses(showtime):
        etag = ask(ready, path, **HTTPS).headers["ETag"]
        before = len(behind.asked)
        for tags in (etag, f'"other", {etag}', "*", etag.removeprefix("W/")):
            seen: dict[str, Any] = {"HTTP_IF_NONE_MATCH": tags, **HTTPS}
            kept = ask(ready, path, **seen)
            assert (kept.status, kept.body, kept.headers["ETag"]) == (304, b"", etag)
            expected = ask(Handler(), path, **seen)
            # Django's 304 is made before a page is compressed, and so says less of that. That of
            # the seats is made by their view, and says what no 304 need say.
            for headers in (kept.headers, expected.headers):
                headers["ETag"] = headers["ETag"].removeprefix("W/")
                headers["Vary"] = headers["Vary"].replace(", Accept-Encoding", "")
            for name in OF_THE_BODY if "/seats" in path else ():
                expected.headers.pop(name.title(), "")
            assert told(kept) == told(expected), path
        assert len(behind.asked) == before


@pytest.mark.usefixtures("in_production")
def test_a_page_over_http_is_led_to_https_and_keeps_nothing():
    ready, _clock = in_front_of(Behind())
    make_showtime()
    assert ask(ready, "/", **HTTPS).status == 200
    answer = ask(ready, "/")
    assert (answer.status, answer.headers["Location"]) == (301, "https://testserver/")
    assert ask(ready, "/", **HTTPS).status == 200


def test_a_proxy_says_what_is_secure_where_one_is_trusted(settings, in_production):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ready, _clock = in_front_of(behind := Behind())
    make_showtime()
    for forwarded, status in (("https", 200), ("http", 301), ("https, http", 200), (None, 200)):
        asked = {"HTTP_X_FORWARDED_PROTO": forwarded, **HTTPS}
        assert ask(ready, "/movies", **asked).status == ask(Handler(), "/movies", **asked).status
        assert ask(ready, "/movies", **asked).status == status
    assert len(behind.asked) == 3  # one was kept, and one refused twice
    assert "https://testserver/movies" in ask(ready, "/movies", **HTTPS).headers["Link"]
    settings.SECURE_PROXY_SSL_HEADER = None
    assert ask(ready, "/movies", HTTP_X_FORWARDED_PROTO="https").status == 301


def test_every_address_is_one_of_the_product_and_for_whom_it_is_said():
    showtime = make_showtime()
    paths = [path.partition("?")[0] for path in addresses(showtime)]
    for number, (pattern, _parameters) in enumerate(READS):
        spelled = [path for path in paths if re.fullmatch(pattern, path)]
        assert spelled, pattern
        for path in spelled:
            assert resolve(path)
            assert is_api(RequestFactory().get(path)) == (number < len(FOR_PROGRAMS))


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("text/html", 406), ("application/json; indent=4", 200),
     ("*/*; indent=2", 200), ("", 406), ("text/html, */*;q=0.1", 200), ("application/*", 200)],
)  # fmt: skip
def test_a_program_gets_the_kind_that_it_accepts(accept, status):
    showtime = make_showtime()
    path = f"/showtimes/{showtime.pk}"
    ready, _clock = in_front_of(Behind())
    assert ask(ready, path).status == 200
    answer = ask(ready, path, HTTP_ACCEPT=accept)
    assert answer.status == status
    assert told(answer) == told(ask(Handler(), path, HTTP_ACCEPT=accept))


@pytest.mark.parametrize("path", ["/movies/404", "/whats-on/nothing/", "/movies?page=x"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_refusal_is_told_as_it_is_and_not_kept(path, method):
    ready, _clock = in_front_of(behind := Behind())
    expected = ask(Handler(), path)
    for _n in range(2):
        assert told(ask(ready, path)) == told(expected)
    assert len(behind.asked) == 2
    assert len(ready.shelf) == 0


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/movies", {"method": "POST"}),
        ("/movies", {"method": "OPTIONS"}),
        ("/movies", {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "9999999"}),
        ("/movies", {"CONTENT_TYPE": "text/plain; charset=hex"}),
        ("/movies", {"HTTP_IF_MATCH": '"nothing"'}),
        ("/movies", {"HTTP_IF_UNMODIFIED_SINCE": "Sat, 01 Jan 2000 00:00:00 GMT"}),
        ("/movies", {"HTTP_AUTHORIZATION": "Bearer x"}),
        ("/movies?format=json", {}),
        ("/book/1/", {}),
        ("/healthz", {}),
        ("/Movies", {}),
        ("/movies\n", {}),
        ("/movies/1\n", {}),
    ],
)
def test_whatever_is_no_plain_public_read_is_asked_of_django(path, asked):
    ready, _clock = in_front_of(behind := Behind())
    for _n in range(2):
        assert told(ask(ready, path, **asked)) == told(ask(Handler(), path, **asked))
    assert len(behind.asked) == 2
    assert len(ready.shelf) == 0
