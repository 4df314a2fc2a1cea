"""`GET /movies?date= &showing=`: the two filters that only showtimes can answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from movies.tests.factories import make_movie
from showtimes.models import ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _programme():
    """Charade tonight after midnight, Metropolis on Tuesday; Nosferatu never was on sale, and of
    Wings there is a draft that nobody is told of."""
    with time_machine.travel(NOON, tick=False):
        room = make_auditorium()
        charade, metropolis = make_movie("Charade"), make_movie("Metropolis", genres=["Drama"])
        make_showtime(movie=charade, auditorium=room, starts_at=NOON + timedelta(hours=13))
        make_showtime(movie=metropolis, auditorium=room, starts_at=NOON + timedelta(days=2))
        make_movie("Nosferatu")
        make_showtime(
            movie=make_movie("Wings"), auditorium=make_auditorium("Two"), state=ShowtimeState.DRAFT
        )
        yield


def titles(query: str) -> list[str]:
    answer = APIClient().get(f"/movies{query}")
    assert answer.status_code == 200
    return [movie["title"] for movie in answer.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Charade", "Metropolis", "Nosferatu", "Wings"]),
        ("?date=2026-11-22", ["Charade"]),
        ("?date=2026-11-23", []),
        ("?date=2026-11-24", ["Metropolis"]),
        ("?date=", ["Charade", "Metropolis", "Nosferatu", "Wings"]),
        ("?showing=now", ["Charade", "Metropolis"]),
        ("?showing=soon", ["Nosferatu"]),
        ("?showing=now&genre=drama", ["Metropolis"]),
        ("?showing=now&date=2026-11-22", ["Charade"]),
        ("?showing=soon&date=2026-11-22", []),
        ("?showing=now&search=cha", ["Charade"]),
    ],
)
def test_the_filters_narrow_the_list(query, found):
    assert titles(query) == found


def test_what_was_shown_and_is_over_is_neither_now_nor_soon():
    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        assert titles("?showing=now") == []
        assert titles("?showing=soon") == ["Nosferatu"]


@pytest.mark.parametrize("showing", ["later", "NOW", "now,soon", "1", "%00"])
def test_another_word_than_now_or_soon_is_refused(showing):
    answer = APIClient().get(f"/movies?showing={showing}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["showing"])


@pytest.mark.parametrize("day", ["today", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_what_is_no_date_is_refused(day):
    answer = APIClient().get(f"/movies?date={day}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["date"])
