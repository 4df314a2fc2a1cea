"""410: what was here and is over says so, and says what there is instead."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from movies.tests.factories import make_movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 1, 14, 12, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def read(client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_a_movie_whose_last_show_has_begun_has_been(client, clock):
    movie = make_showtime(movie=make_movie("Wings"), starts_at=NOON.replace(hour=20)).movie
    other = make_showtime(
        movie=make_movie("Charade"), auditorium=make_auditorium("Two"),
        starts_at=NOON + timedelta(days=2),
    ).movie  # fmt: skip
    assert read(client, movie.get_absolute_url())[0] == 200
    clock.move_to(NOON + timedelta(days=1))
    status, html = read(client, movie.get_absolute_url())
    assert status == 410
    assert "<title>Wings is over" in html
    assert "Wings was here until Thursday, January 14." in html
    assert f'href="{other.get_absolute_url()}"' in html


def test_a_movie_of_which_every_show_was_called_off_has_left_the_programme(client):
    movie = make_showtime(movie=make_movie("Wings")).movie
    Showtime.objects.update(state=ShowtimeState.CANCELLED)
    status, html = read(client, movie.get_absolute_url())
    assert status == 410
    assert "Wings has left the programme." in html


def test_a_movie_that_comes_back_is_there_again(client, clock):
    showtime = make_showtime(movie=make_movie("Wings"))
    clock.move_to(NOON + timedelta(days=3))
    assert read(client, "/whats-on/wings/")[0] == 410
    make_showtime(movie=showtime.movie, auditorium=showtime.auditorium)
    assert read(client, "/whats-on/wings/")[0] == 200


def test_a_movie_that_was_only_planned_is_not_over(client):
    make_showtime(movie=make_movie("Wings"), state=ShowtimeState.DRAFT)
    status, html = read(client, "/whats-on/wings/")
    assert status == 200
    assert "No showtimes are on sale yet" in html


def over(showtime: Showtime, clock: Any) -> str:
    clock.move_to(showtime.starts_at + timedelta(minutes=1))
    return "began on"


def called_off(showtime: Showtime, clock: Any) -> str:
    Showtime.objects.filter(pk=showtime.pk).update(state=ShowtimeState.CANCELLED)
    return "does not take place"


@pytest.mark.parametrize("end", [over, called_off])
def test_a_showtime_that_is_over_names_the_next_ones_of_its_movie(client, clock, end):
    movie, room = make_movie("Wings"), make_auditorium()
    first = make_showtime(movie=movie, auditorium=room, starts_at=NOON.replace(hour=20))
    again = make_showtime(movie=movie, auditorium=room, starts_at=NOON + timedelta(days=2))
    words = end(first, clock)
    status, html = read(client, f"/book/{first.pk}/")
    assert status == 410
    assert client.get(f"/whats-on/wings/{first.pk}.ics").status_code == 410
    assert words in html
    assert f'href="/book/{again.pk}/"' in html
    assert f'href="{movie.get_absolute_url()}"' in html


def test_it_costs_six_queries(client, clock, django_assert_num_queries):
    make_showtime(movie=make_movie("Wings"), starts_at=NOON.replace(hour=20))
    for n in range(5):
        make_showtime(movie=make_movie(f"Movie {n}"), auditorium=make_auditorium(f"Room {n}"),
                      starts_at=NOON + timedelta(days=2))  # fmt: skip
    clock.move_to(NOON + timedelta(days=1))
    with django_assert_num_queries(6):
        client.get("/whats-on/wings/")
