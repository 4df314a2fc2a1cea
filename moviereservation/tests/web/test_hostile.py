"""Whatever is sent to whichever endpoint by whomever: never 500, always a problem document."""

from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from accounts.tests.cast import alice, api_client, mia
from moviereservation.tests.web.hostile import (
    BODIES,
    ENDPOINTS,
    NUMBERS,
    QUERIES,
    READS,
    assert_told_properly,
    field_bodies,
    send,
)
from moviereservation.urls import api
from movies.models import Movie
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.models import Showtime
from showtimes.tests.factories import make_showtime


@dataclass
class Places:
    movie: int
    showtime: int
    reservation: int

    def fill(self, path: str) -> str:
        return path.format(**vars(self))


@pytest.fixture
def places(db, settings, stripe_standin) -> Places:
    settings.RATE_LIMITS = False
    showtime = make_showtime()
    return Places(showtime.movie_id, showtime.pk, hold_for(alice(), showtime, "A5").pk)


@pytest.fixture
def manager(places) -> APIClient:
    """Somebody who may do everything, so that nothing is refused before it is looked at."""
    return api_client(mia())


def test_the_walk_leaves_out_no_endpoint():
    paths = [path for _method, path, _fields in ENDPOINTS] + [path for path, _fields in READS]
    paths = [path.format(movie=1, showtime=1, reservation=1).lstrip("/") for path in paths]
    for pattern in api.urls:
        if not str(pattern.pattern).endswith("/"):
            assert any(pattern.resolve(path) for path in paths), pattern


@pytest.mark.parametrize(("method", "path", "_fields"), ENDPOINTS)
def test_no_body_breaks_an_endpoint(method, path, _fields, places, manager):
    for body, media_type in BODIES:
        for client in (APIClient(), manager):
            answer = send(client, method, places.fill(path), body, media_type)
            assert_told_properly(answer, f"{body[:60]!r} as {media_type}")
    assert Movie.objects.count() == Showtime.objects.count() == Reservation.objects.count() == 1


@pytest.mark.parametrize(("method", "path", "fields"), ENDPOINTS)
def test_no_value_breaks_an_endpoint(method, path, fields, places, manager):
    for field in fields:
        for body in field_bodies(path, field):
            answer = send(manager, method, places.fill(path), body, "application/json")
            assert_told_properly(answer, f"{field}: {body[:200]!r}")


@pytest.mark.parametrize(("path", "parameters"), READS)
def test_no_query_breaks_a_read(path, parameters, places, manager):
    for parameter in (*parameters, "unknown"):
        for value in QUERIES:
            answer = manager.get(f"{places.fill(path)}?{parameter}={value}")
            assert_told_properly(answer, f"{parameter}={value[:60]}")


def test_no_method_breaks_an_address(places, manager):
    for path, _parameters in READS:
        for method in ("HEAD", "POST", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW", "DELETE"):
            if (method, path) == ("DELETE", "/auth/me"):
                continue
            answer = send(manager, method, places.fill(path), b"{}", "application/json")
            if method == "HEAD":  # no body, whatever it would say
                assert answer.status_code < 500
                continue
            assert_told_properly(answer, f"{method} {path}")


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_in_an_address_breaks_it(number, places, manager):
    anywhere = Places(movie=number, showtime=number, reservation=number)  # type: ignore[arg-type]
    for method, path, _fields in [*ENDPOINTS, *(("GET", path, ()) for path, _ in READS)]:
        if "{" in path:
            for client in (APIClient(), manager):
                answer = send(client, method, anywhere.fill(path), b"{}", "application/json")
                assert_told_properly(answer, f"{method} {path}")
                assert answer.status_code in (401, 403, 404), f"{method} {path}"


@pytest.mark.parametrize(
    "header",
    [
        {"Accept": "text/html"},
        {"Accept": "nonsense"},
        {"Accept": ";;;q=x"},
        {"Accept": "application/json; indent=99999"},
        {"Accept-Language": "x" * 5000},
        {"Accept-Language": "de-DE-1996,;;q=9"},
        {"Authorization": "Bearer " + "x" * 8000},
        {"Authorization": "Bearer \x00"},
        {"Content-Length": "²"},
        {"Content-Length": "-5"},
        {"Content-Length": "many"},
        {"If-None-Match": "x" * 5000},
        {"If-None-Match": '"unclosed'},
        {"If-Modified-Since": "yesterday"},
        {"Host": "evil.example"},
        {"Host": "a b"},
        {"X-Forwarded-For": "x" * 5000},
        {"Cookie": "sessionid=\x00; csrftoken=" + "x" * 5000},
        {"Range": "bytes=0-99999999999999999999"},
        {"Content-Encoding": "gzip"},
        {"Origin": "null"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_no_header_breaks_an_endpoint(header, places):
    for path, _parameters in READS:
        answer = APIClient().get(places.fill(path), headers=header)
        assert_told_properly(answer, path)
    for _method, path, _fields in ENDPOINTS:
        answer = APIClient().post(places.fill(path), {"a": 1}, headers=header)
        assert_told_properly(answer, path)
