"""`/healthz`: alive. `/readyz`: the database answers, and whether the cache does."""

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from moviereservation.tests.db import redis_away


def away(*_args: object) -> None:
    raise OperationalError("away")


def test_alive_looks_at_nothing():
    """Without a database mark: a query would fail this test."""
    answer = APIClient().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_says_how_the_parts_are():
    answer = APIClient().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "cache": "ok"}


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready_and_still_alive():
    with connection.execute_wrapper(away):
        assert APIClient().get("/readyz").status_code == 503
        assert APIClient().get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("how", redis_away.AWAY)
def test_without_a_cache_it_is_ready_and_says_so(how, settings):
    with redis_away.address(how) as url:
        settings.CACHES = redis_away.caches(url)
        answer = APIClient().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["cache"] == "away"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_are_read_and_nothing_else(path):
    client = APIClient(enforce_csrf_checks=True)
    assert client.head(path).status_code == 200
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
