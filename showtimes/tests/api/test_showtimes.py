"""`GET /movies/:id/showtimes` and `/showtimes/:id`: when and where, and what is left."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.tests.cast import alice, api_client, mia
from movies.tests.factories import make_movie
from showtimes.models import ShowtimeState
from showtimes.scheduling import rescheduling
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "movieId", "auditorium", "startsAt", "endsAt", "state", "format", "language",
    "accessibility", "capacity", "seatsAvailable", "fromPrice",
}  # fmt: skip
NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)


def numbers(movie_id: int, query: str = "", client: APIClient | None = None) -> list[int]:
    answer = (client or APIClient()).get(f"/movies/{movie_id}/showtimes{query}")
    assert answer.status_code == 200
    return [showtime["id"] for showtime in answer.json()]


def test_a_showtime_says_when_where_and_for_how_much():
    showtime = make_showtime(format="35 mm", language="English", has_captions=True, is_relaxed=True)
    (shown,) = APIClient().get(f"/movies/{showtime.movie_id}/showtimes").json()
    assert set(shown) == FIELDS
    assert (
        shown
        | {
            "id": showtime.pk,
            "movieId": showtime.movie_id,
            "auditorium": {"id": showtime.auditorium_id, "name": "One"},
            "state": "on_sale",
            "format": "35 mm",
            "language": "English",
            "accessibility": ["captions", "relaxed"],
            "capacity": 24,
            "seatsAvailable": 24,
            "fromPrice": {"amount": 1200, "currency": "usd"},
        }
        == shown
    )
    starts_at = datetime.fromisoformat(shown["startsAt"])
    assert starts_at == showtime.starts_at
    assert starts_at.utcoffset() is not None
    assert datetime.fromisoformat(shown["endsAt"]) == showtime.ends_at


def test_one_showtime_comes_with_its_movie():
    showtime = make_showtime()
    shown = APIClient().get(f"/showtimes/{showtime.pk}").json()
    assert set(shown) == FIELDS | {"movie"}
    assert shown["movie"]["title"] == "The General"


def test_the_list_has_what_can_still_be_booked_in_the_order_of_the_start():
    now, movie = timezone.now(), make_movie()
    late = make_showtime(movie=movie, starts_at=now + timedelta(days=3))
    soon = make_showtime(movie=movie, auditorium=late.auditorium, starts_at=now + timedelta(days=1))
    over = make_showtime(
        movie=movie, auditorium=late.auditorium, starts_at=now - timedelta(days=1),
        now=now - timedelta(days=2),
    )  # fmt: skip
    draft, cancelled = (
        make_showtime(movie=movie, auditorium=make_auditorium(name), state=state)
        for name, state in (("Two", ShowtimeState.DRAFT), ("Three", ShowtimeState.CANCELLED))
    )
    make_showtime(movie=make_movie("Charade"), auditorium=make_auditorium("Four"))
    assert numbers(movie.pk) == [soon.pk, late.pk]
    assert numbers(movie.pk, client=api_client(alice())) == [soon.pk, late.pk]
    staff = numbers(movie.pk, client=api_client(mia()))
    assert set(staff) == {soon.pk, late.pk, draft.pk, cancelled.pk}
    assert over.pk not in staff


def test_a_date_shows_that_evening_with_what_is_over_and_what_is_after_midnight(
    django_capture_on_commit_callbacks,
):
    with time_machine.travel(NOON, tick=False):
        movie, room = make_movie(), make_auditorium()
        at = {
            name: make_showtime(movie=movie, auditorium=room, starts_at=start, now=NOON)
            for name, start in {
                "evening": NOON + timedelta(hours=8),
                "after midnight": NOON + timedelta(hours=13),
                "next day": NOON + timedelta(hours=20),
            }.items()
        }
    later = NOON + timedelta(hours=9)
    with time_machine.travel(later, tick=False):
        day = "?date=2026-11-22"
        assert numbers(movie.pk, day) == [at["evening"].pk, at["after midnight"].pk]
        assert numbers(movie.pk, "?date=2026-11-23") == [at["next day"].pk]
        assert numbers(movie.pk, "?date=2026-11-21") == []
        with django_capture_on_commit_callbacks(execute=True):
            at["evening"].state = ShowtimeState.DRAFT
            at["evening"].save()
        assert numbers(movie.pk, day) == [at["after midnight"].pk]
        client = api_client(mia())
        assert numbers(movie.pk, day, client) == [at["evening"].pk, at["after midnight"].pk]


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-13-01", "2026-02-30", "22.11.2026", "0001-01-01", "9999-12-31", "0"]
)
def test_what_is_no_date_is_refused(day):
    answer = APIClient().get(f"/movies/{make_movie().pk}/showtimes?date={day}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["date"]


def test_a_movie_without_showtimes_has_an_empty_list_and_no_movie_has_none():
    movie = make_movie()
    assert numbers(movie.pk) == []
    for number in (movie.pk + 1, "9" * 18, "9" * 30):
        answer = APIClient().get(f"/movies/{number}/showtimes")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_draft_is_there_for_staff_only():
    draft = make_showtime(state=ShowtimeState.DRAFT)
    for client in (APIClient(), api_client(alice())):
        assert client.get(f"/showtimes/{draft.pk}").status_code == 404
    assert api_client(mia()).get(f"/showtimes/{draft.pk}").json()["state"] == "draft"


def test_a_list_costs_two_queries_however_long_and_none_while_it_is_cached(
    django_assert_num_queries,
):
    movie, room, now = make_movie(), make_auditorium(), timezone.now()
    for days in range(1, 15):
        make_showtime(movie=movie, auditorium=room, starts_at=now + timedelta(days=days))
    with django_assert_num_queries(2):
        assert len(numbers(movie.pk)) == 14
    with django_assert_num_queries(0):
        assert len(numbers(movie.pk)) == 14


def test_a_guests_list_costs_nothing_but_who_they_are_and_staff_have_one_of_their_own(
    django_assert_num_queries,
):
    showtime = make_showtime(state=ShowtimeState.DRAFT)
    guest, manager = api_client(alice()), api_client(mia())
    assert numbers(showtime.movie_id, client=manager) == [showtime.pk]
    assert numbers(showtime.movie_id, client=guest) == []
    with django_assert_num_queries(1):
        assert numbers(showtime.movie_id, client=guest) == []
    assert numbers(showtime.movie_id, client=manager) == [showtime.pk]


def test_whoever_has_the_permission_but_no_work_here_sees_no_draft():
    showtime, guest = make_showtime(state=ShowtimeState.DRAFT), alice()
    guest.groups.set(mia().groups.all())
    client = api_client(guest)
    assert numbers(showtime.movie_id, client=client) == []
    assert client.get(f"/showtimes/{showtime.pk}").status_code == 404


def test_a_change_is_seen_at_once_although_the_list_is_cached(django_capture_on_commit_callbacks):
    showtime = make_showtime()
    path = f"/movies/{showtime.movie_id}/showtimes"

    def shown() -> tuple[str, int]:
        (listed,) = APIClient().get(path).json()
        return listed["format"], listed["seatsAvailable"]

    assert shown() == ("2D", 24)
    with django_capture_on_commit_callbacks(execute=True):
        showtime.format = "35 mm"
        showtime.save()
    assert shown() == ("35 mm", 24)
    with django_capture_on_commit_callbacks(execute=True):
        assert rescheduling.cancel(showtime)
    assert numbers(showtime.movie_id) == []


def test_what_has_begun_leaves_the_list_within_seconds():
    with time_machine.travel(NOON, tick=False) as clock:
        showtime = make_showtime(starts_at=NOON + timedelta(seconds=10), now=NOON)
        clock.shift(9)
        assert numbers(showtime.movie_id) == [showtime.pk]
        clock.shift(4)
        assert numbers(showtime.movie_id) == []


def test_a_long_list_comes_in_pages():
    movie, room, now = make_movie(), make_auditorium(), timezone.now()
    for days in range(1, 6):
        make_showtime(movie=movie, auditorium=room, starts_at=now + timedelta(days=days))
    answer = APIClient().get(f"/movies/{movie.pk}/showtimes?pageSize=2&page=2")
    assert [s["id"] for s in answer.json()] == numbers(movie.pk)[2:4]
    assert answer["X-Total-Count"] == "5"
    assert 'page=3&pageSize=2>; rel="next"' in answer["Link"]


def test_what_staff_see_is_for_no_shared_cache():
    showtime = make_showtime()
    path = f"/movies/{showtime.movie_id}/showtimes"
    assert "public" in APIClient().get(path)["Cache-Control"]
    assert "private" in api_client(mia()).get(path)["Cache-Control"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_addresses_work_with_and_without_a_slash(slash):
    showtime = make_showtime()
    for path in (f"/movies/{showtime.movie_id}/showtimes", f"/showtimes/{showtime.pk}"):
        assert APIClient().get(path + slash).status_code == 200


def test_the_business_day_of_a_date_is_the_cinemas(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    showtime = make_showtime(starts_at=NOON + timedelta(hours=6), now=NOON)
    path = f"/movies/{showtime.movie_id}/showtimes?date="
    assert len(APIClient().get(path + date(2026, 11, 23).isoformat()).json()) == 1
