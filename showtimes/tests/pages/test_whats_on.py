"""What's on: a guest finds a movie and a time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from movies.tests.factories import make_movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(at(14, 12), tick=False):
        yield


def page(client, query=""):
    return client.get(f"/{query}").content.decode()


def test_a_movie_of_the_day_is_shown_with_its_time_price_and_a_way_to_the_seats(client):
    showtime = make_showtime(movie=make_movie("Nosferatu"), starts_at=at(14, 19, 30))
    html = page(client)
    assert "Nosferatu" in html
    assert "7:30\u00a0PM" in html
    assert "from $12.00" in html
    assert f'href="/book/{showtime.pk}/"' in html


def test_what_starts_after_midnight_is_found_under_the_evening_before_and_says_so(client):
    make_showtime(movie=make_movie("Carnival of Souls"), starts_at=at(15, 0, 15))
    evening = page(client, "?day=2027-01-14")
    assert "Carnival of Souls" in evening
    assert "Thu night, Fri, Jan 15" in evening
    make_showtime(auditorium=make_auditorium("Two"), starts_at=at(15, 20))
    assert "Carnival of Souls" not in page(client, "?day=2027-01-15")


def test_without_a_day_the_first_one_with_a_show_is_opened(client):
    make_showtime(movie=make_movie("Wings"), starts_at=at(16, 20))
    assert "Wings" in page(client)


@pytest.mark.parametrize("day", ["", "tomorrow", "2027-13-40", "0001-01-01", "9999-12-31", "٢"])
def test_a_nonsensical_day_is_as_good_as_none(client, day):
    make_showtime(movie=make_movie("Wings"), starts_at=at(14, 20))
    answer = client.get("/", {"day": day})
    assert answer.status_code == 200
    assert "Wings" in answer.content.decode()


def test_a_title_with_markup_is_shown_as_text(client):
    make_showtime(movie=make_movie("<script>alert(1)</script>"), starts_at=at(14, 20))
    assert "<script>alert(1)" not in page(client)


def test_drafts_and_cancelled_showtimes_are_not_shown(client):
    for state in (ShowtimeState.DRAFT, ShowtimeState.CANCELLED):
        showtime = make_showtime(auditorium=make_auditorium(state), starts_at=at(14, 20))
        Showtime.objects.filter(pk=showtime.pk).update(state=state)
        assert f"/book/{showtime.pk}/" not in page(client)


def test_a_movie_without_showtimes_that_is_released_later_is_coming_soon(client):
    make_showtime(starts_at=at(14, 20))
    make_movie("The Kid", release_date=(timezone.now() + timedelta(days=30)).date())
    assert "The Kid" in page(client)


def test_a_draft_gives_nothing_away_unless_the_movie_itself_has_a_day_to_come(client):
    room = make_auditorium()
    released = {"Wings": None, "Sunrise": date(1927, 9, 23), "The Kid": date(2027, 2, 1)}
    for day, (title, release_date) in enumerate(released.items(), start=20):
        movie = make_movie(title, release_date=release_date)
        make_showtime(
            movie=movie, auditorium=room, starts_at=at(day, 20), state=ShowtimeState.DRAFT
        )
    html = page(client)
    assert "The Kid" in html
    assert "Wings" not in html
    assert "Sunrise" not in html


def test_a_house_without_any_show_has_a_page_too(client):
    assert "No show on this day" in page(client)


def test_the_access_of_a_showtime_is_spelled_out(client):
    make_showtime(starts_at=at(14, 20), has_captions=True, format="35 mm")
    html = page(client)
    assert '<abbr title="captions on the picture">CC</abbr>' in html
    assert "35 mm" in html


def test_the_page_costs_five_queries_however_many_movies_there_are(
    client, django_assert_num_queries
):
    for n in range(6):
        make_showtime(
            movie=make_movie(f"Movie {n}"),
            auditorium=make_auditorium(f"Room {n}"),
            starts_at=at(14, 20),
        )
    with django_assert_num_queries(5):
        page(client)
