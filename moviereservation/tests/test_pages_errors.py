"""Errors are pages too, in the same design, and need no database where that may be gone."""

from http import HTTPStatus

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from moviereservation import problems

PAGES = ["400", "403", "403_csrf", "404", "429", "500", "503"]


@pytest.mark.parametrize("name", PAGES)
def test_every_error_page_renders_without_a_request_or_a_database(name):
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "See what’s on" in html


@pytest.mark.django_db
def test_an_unknown_address_is_a_page_of_ours(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "The reel is missing" in answer.content.decode()


def test_a_bug_is_a_page_that_tells_nothing_of_itself():
    request = RequestFactory().get("/")
    try:
        raise RuntimeError("the secret is 42")
    except RuntimeError:
        answer = problems.server_error(request)
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "42" not in answer.content.decode()
    assert "The film broke" in answer.content.decode()


def test_a_database_that_is_away_is_an_intermission():
    from django.db import OperationalError

    try:
        raise OperationalError("no server")
    except OperationalError:
        answer = problems.server_error(RequestFactory().get("/"))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"]
    assert "Intermission" in answer.content.decode()
