"""A movie becomes longer or shorter: its coming showtimes end with it, or it is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.cast import api_client, mia
from movies import catalogue
from movies.models import Movie
from movies.tests.factories import make_movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 1, 14, 17, tzinfo=UTC)
CLEANING = timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def minutes(showtime: Showtime) -> int:
    """Until the auditorium is to be cleaned."""
    showtime.refresh_from_db()
    return int((showtime.ends_at - CLEANING - showtime.starts_at).total_seconds() // 60)


@pytest.fixture
def patch():
    manager = api_client(mia())

    def send(movie: Movie, **fields: object):
        return manager.patch(f"/movies/{movie.pk}", fields)

    return send


@pytest.mark.parametrize(("runtime", "shown"), [(120, 120), (45, 45), (None, 150)])
def test_coming_showtimes_end_with_the_movie(patch, runtime, shown):
    movie, room = make_movie(runtime_minutes=90), make_auditorium()
    tonight = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=8))
    draft = make_showtime(movie=movie, auditorium=room, state=ShowtimeState.DRAFT)
    other = make_showtime(movie=make_movie("Wings", runtime_minutes=90), auditorium=room,
                          starts_at=NOON + timedelta(days=3))  # fmt: skip
    assert patch(movie, runtimeMinutes=runtime).status_code == 200
    assert (minutes(tonight), minutes(draft), minutes(other)) == (shown, shown, 90)


def test_what_has_begun_or_was_cancelled_stays_as_it_was():
    movie, room = make_movie(runtime_minutes=90), make_auditorium()
    begun = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=1))
    cancelled = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=4))
    Showtime.objects.filter(pk=cancelled.pk).update(state=ShowtimeState.CANCELLED)
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        catalogue.change(movie, {"runtime_minutes": 120}, None)
    assert (minutes(begun), minutes(cancelled)) == (90, 90)


def test_a_runtime_that_runs_into_the_next_showtime_is_refused_and_nothing_is_written(patch):
    movie, room = make_movie("Metropolis", runtime_minutes=90), make_auditorium("Grand")
    early = make_showtime(movie=movie, starts_at=NOON + timedelta(hours=3),
                          auditorium=make_auditorium("Aside"))  # fmt: skip
    first = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=8))
    make_showtime(movie=make_movie("Wings"), auditorium=room, starts_at=NOON + timedelta(hours=10))
    answer = patch(movie, runtimeMinutes=101, title="Metropolis, restored")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "auditorium_busy")
    assert "would not be over in time: Grand is taken by “Wings”" in told["detail"]
    assert told["clash"]["startsAt"] == "2027-01-14T22:00:00-05:00"
    assert told["errors"]["runtimeMinutes"] == [told["detail"]]
    movie.refresh_from_db()
    assert (movie.title, movie.runtime_minutes) == ("Metropolis", 90)
    assert (minutes(early), minutes(first)) == (90, 90)
    assert patch(movie, runtimeMinutes=100).status_code == 200  # cleaned at the last minute


def test_two_showtimes_of_the_movie_itself_must_fit_too(patch):
    movie, room = make_movie("Metropolis", runtime_minutes=60), make_auditorium()
    for hours in (8, 10):
        make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=hours))
    assert patch(movie, runtimeMinutes=110).status_code == 409
    assert patch(movie, runtimeMinutes=100).status_code == 200


def test_the_back_office_says_so_next_to_the_runtime(client):
    movie, room = make_movie("Metropolis", runtime_minutes=90), make_auditorium("Grand")
    shown = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(hours=8))
    make_showtime(movie=make_movie("Wings"), auditorium=room, starts_at=NOON + timedelta(hours=10))
    client.force_login(mia())
    address = f"/admin/movies/movie/{movie.pk}/change/"
    form = {"title": "Metropolis", "slug": movie.slug, "poster_url": ""}
    answer = client.post(address, form | {"runtime_minutes": "180"})
    assert answer.status_code == 200
    (error,) = answer.context["adminform"].form.errors["runtime_minutes"]
    assert "Grand is taken by “Wings”" in error
    assert not list(get_messages(answer.wsgi_request))
    assert minutes(shown) == 90
    assert client.post(address, form | {"runtime_minutes": "95"}).status_code == 302
    assert minutes(shown) == 95


def test_another_title_asks_nothing_of_showtimes():
    movie = make_showtime().movie
    with CaptureQueriesContext(connection) as asked:
        catalogue.change(movie, {"title": "The General, restored", "runtime_minutes": 78}, None)
    assert not [query for query in asked.captured_queries if "showtimes_" in query["sql"]]
