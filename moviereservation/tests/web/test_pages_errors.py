"""Errors are pages too: of the same design, helpful, and without a database that may be gone."""

from http import HTTPStatus

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path

from moviereservation.urls import handler400, handler403, handler404, handler500
from moviereservation.urls import urlpatterns as real_addresses
from moviereservation.web.limits import TooManyAttempts

__all__ = ["handler400", "handler403", "handler404", "handler500"]

PAGES = ["400", "403", "403_csrf", "404", "410", "429", "500", "503"]


def bug(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret is 42")


def database_away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("no server at 10.0.0.7")


def too_often(request: HttpRequest) -> HttpResponse:
    raise TooManyAttempts(retry_after=125)


urlpatterns = [
    path("bug/", bug),
    path("away/", database_away),
    path("often/", too_often),
    *real_addresses,
]


@pytest.fixture
def visitor(settings) -> Client:
    """Without a database: a test that is not marked for one may not ask it anything."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", PAGES)
def test_every_error_page_can_be_drawn_without_request_and_database(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert "See what’s on" in html
    assert "My bookings</a></li>" not in html  # whose, nobody could look up


def test_a_bug_is_a_page_that_tells_nothing_of_itself(visitor):
    answer = visitor.get("/bug/")
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "The film broke" in html
    assert "nobody is charged without a seat" in html
    assert "42" not in html


def test_a_database_that_is_away_is_an_intermission(visitor):
    answer = visitor.get("/away/")
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "5"
    assert "Intermission" in html
    assert '<a class="button" href="">Try again</a>' in html
    assert "10.0.0.7" not in html


def test_whoever_comes_too_often_is_told_when_to_come_back(visitor):
    answer = visitor.get("/often/")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answer["Retry-After"] == "125"
    assert "Please try again in 3 minutes." in answer.content.decode()


def test_a_forged_or_stale_form_is_told_why_it_was_not_taken():
    answer = Client(enforce_csrf_checks=True).post("/account/log-in/", {"username": "a"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "The page went stale" in answer.content.decode()
    assert "cookies" in answer.content.decode()


def test_a_malformed_request_is_a_page(client):
    answer = client.get("/", headers={"host": "not ours"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "We could not read that" in answer.content.decode()


def test_an_unknown_address_helps_to_look_for_the_movie(client):
    answer = client.get("/nothing/here/")
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "The reel is missing" in html
    assert '<form class="intertitle__search" method="get" action="/" role="search">' in html
