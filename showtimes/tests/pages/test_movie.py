"""A movie's page: everything a person decides by."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from movies.tests.factories import make_movie
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 1, 14, 12, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_it_tells_what_the_movie_is_and_when_it_is_shown(client):
    movie = make_movie(
        "Metropolis",
        directors="Fritz Lang",
        cast="Brigitte Helm, Alfred Abel",
        description="A city above, a city below.",
        runtime_minutes=148,
        rating="PG",
        poster_alt="A robot above a city",
        poster_url="/static/metropolis.svg",
    )
    showtime = make_showtime(movie=movie, starts_at=NOON.replace(hour=20))
    html = client.get(f"/whats-on/{movie.slug}/").content.decode()
    for words in ("Fritz Lang", "Alfred Abel", "A city above", "2 h 28 min", "PG",
                  'alt="A robot above a city"', "Thursday, January 14",
                  f"/book/{showtime.pk}/"):  # fmt: skip
        assert words in html


def test_a_movie_without_showtimes_says_so(client):
    movie = make_movie("Wings")
    assert "No showtimes are on sale yet" in client.get(f"/whats-on/{movie.slug}/").content.decode()


def test_an_unknown_movie_is_a_helpful_404(client):
    answer = client.get("/whats-on/nothing/")
    assert answer.status_code == 404
    assert "The reel is missing" in answer.content.decode()
