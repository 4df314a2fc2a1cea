"""`POST /movies/:id/showtimes`: a manager puts a movie on, said in either way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.tests.cast import alice, api_client, as_json, bo, mia
from movies.models import Movie
from movies.tests.factories import make_movie
from showtimes.models import Auditorium, Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)
EIGHT = "2026-11-25T20:00:00-05:00"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def schedule(movie: Movie, **said: Any):
    return api_client(mia()).post(f"/movies/{movie.pk}/showtimes", **as_json(said))


def test_a_start_and_an_auditorium():
    movie, room = make_movie(), make_auditorium()
    answer = schedule(
        movie, startsAt=EIGHT, auditoriumId=room.pk, prices={"standard": 1100, "premium": 1400},
        format="35 mm", language="English", accessibility=["captions"], state="draft",
    )  # fmt: skip
    assert answer.status_code == 201
    showtime = Showtime.objects.get()
    shown = answer.json()
    assert (shown["id"], shown["movieId"]) == (showtime.pk, movie.pk)
    assert shown["auditorium"] == {"id": room.pk, "name": "One"}
    assert showtime.starts_at == datetime.fromisoformat(EIGHT)
    assert (shown["state"], shown["format"], shown["language"]) == ("draft", "35 mm", "English")
    assert shown["accessibility"] == ["captions"]
    assert shown["fromPrice"] == {"amount": 1100, "currency": "usd"}
    assert (shown["capacity"], shown["seatsAvailable"]) == (24, 24)


def test_a_date_a_time_and_a_capacity():
    answer = schedule(make_movie(), date="2026-11-25", time="20:00", capacity=50)
    assert answer.status_code == 201
    showtime = Showtime.objects.get()
    assert showtime.starts_at == datetime.fromisoformat(EIGHT)
    assert (answer.json()["capacity"], answer.json()["seatsAvailable"]) == (50, 50)
    assert answer.json()["state"] == "on_sale"
    assert showtime.auditorium.seats.count() == 50


@pytest.mark.parametrize("clock", ["20:00", "20:00:00", "20:00:00.000"])
@pytest.mark.parametrize("capacity", [50, "50"])
def test_the_older_names_are_read_loosely(clock, capacity):
    answer = schedule(make_movie(), date="2026-11-25", time=clock, capacity=capacity)
    assert answer.status_code == 201
    assert datetime.fromisoformat(answer.json()["startsAt"]) == datetime.fromisoformat(EIGHT)


@pytest.mark.parametrize(
    "start", [EIGHT, "2026-11-26T01:00:00Z", "2026-11-26T02:00+01:00", "2026-11-25T20:00"]
)
def test_a_start_without_an_offset_is_the_cinemas_local_time(start):
    answer = schedule(make_movie(), startsAt=start, capacity=20)
    assert answer.status_code == 201
    assert Showtime.objects.get().starts_at == datetime.fromisoformat(EIGHT)


def test_two_at_one_time_get_two_auditoriums_and_one_later_gets_the_first_again():
    movie, client = make_movie(), api_client(mia())
    rooms = [
        client.post(
            f"/movies/{movie.pk}/showtimes", {"date": "2026-11-25", "time": time, "capacity": 20}
        ).json()["auditorium"]["id"]
        for time in ("20:00", "20:00", "22:00")
    ]
    assert rooms[0] != rooms[1]
    assert rooms[2] in rooms[:2]
    assert Auditorium.objects.count() == 2


def test_a_busy_auditorium_is_refused_and_the_clash_is_named():
    first = make_showtime(movie=make_movie("Nosferatu"), starts_at=datetime.fromisoformat(EIGHT))
    answer = schedule(
        make_movie(), startsAt="2026-11-25T21:00:00-05:00", auditoriumId=first.auditorium_id
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "auditorium_busy")
    clash = answer.json()["clash"]
    assert clash["movie"] == "Nosferatu"
    assert datetime.fromisoformat(clash["startsAt"]) == first.starts_at
    assert datetime.fromisoformat(clash["endsAt"]) == first.ends_at
    assert "Nosferatu" in answer.json()["detail"]
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"startsAt": "2026-11-22T11:59:59-05:00"}, "past_time", "startsAt"),
        ({"startsAt": "2026-11-22T12:00:00-05:00"}, "past_time", "startsAt"),
        ({"startsAt": "0001-01-01T00:00:00"}, "past_time", "startsAt"),
        ({"startsAt": "0001-01-01T00:00:00+14:00"}, "past_time", "startsAt"),
        ({"startsAt": "2026-11-22T11:00"}, "past_time", "startsAt"),
        ({"startsAt": "2028-01-01T20:00:00-05:00"}, "too_far_ahead", "startsAt"),
        ({"startsAt": "9999-12-31T23:59:59"}, "too_far_ahead", "startsAt"),
        ({"startsAt": "9999-12-31T23:59:59-12:00"}, "too_far_ahead", "startsAt"),
        ({"startsAt": "2027-03-14T02:30"}, "imaginary_time", "startsAt"),
        ({"startsAt": "2026-02-30T20:00"}, "invalid", "startsAt"),
        ({"startsAt": "2026-11-25"}, "invalid", "startsAt"),
        ({"startsAt": "tonight"}, "invalid", "startsAt"),
        ({"startsAt": ""}, "invalid", "startsAt"),
        ({"startsAt": 1795000000}, "invalid", "startsAt"),
        ({"startsAt": None}, "invalid", "startsAt"),
        ({"startsAt": [EIGHT]}, "invalid", "startsAt"),
        ({"date": "2026-11-21", "time": "20:00"}, "past_time", "date"),
        ({"date": "2027-03-14", "time": "02:30"}, "imaginary_time", "time"),
        ({"date": "9999-12-31", "time": "23:59"}, "too_far_ahead", "time"),
        ({"date": "2026-11-31", "time": "20:00"}, "invalid", "date"),
        ({"date": "25/11/2026", "time": "20:00"}, "invalid", "date"),
        ({"date": 20261125, "time": "20:00"}, "invalid", "date"),
        ({"date": "2026-11-25", "time": "24:00"}, "invalid", "time"),
        ({"date": "2026-11-25", "time": "8 pm"}, "invalid", "time"),
        ({"date": "2026-11-25", "time": 2000}, "invalid", "time"),
        ({"date": "2026-11-25"}, "invalid", "time"),
        ({"time": "20:00"}, "invalid", "date"),
        ({}, "invalid", "startsAt"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(said, code, field):
    answer = schedule(make_movie(), capacity=20, **said)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert list(answer.json()["errors"]) == [field]
    assert not Showtime.objects.exists()
    assert not Auditorium.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", 0),
        ("capacity", -5),
        ("capacity", 1001),
        ("capacity", 10**30),
        ("capacity", 50.5),
        ("capacity", True),
        ("capacity", None),
        ("capacity", "many"),
        ("capacity", [50]),
        ("prices", None),
        ("prices", 1200),
        ("prices", "1200"),
        ("prices", [1200]),
        ("prices", {"standard": -1}),
        ("prices", {"standard": 0}),
        ("prices", {"standard": 12.5}),
        ("prices", {"standard": 1200.0}),
        ("prices", {"standard": True}),
        ("prices", {"standard": "1200"}),
        ("prices", {"standard": None}),
        ("prices", {"standard": [1200]}),
        ("prices", {"standard": 10**12}),
        ("prices", {"premium": 1500}),
        ("prices", {"standard": 1200, "throne": 5000}),
        ("prices", {"standard": 1200, "\ud800": 5000}),
        ("format", ""),
        ("format", "x" * 41),
        ("format", 35),
        ("language", None),
        ("language", "x" * 81),
        ("accessibility", "captions"),
        ("accessibility", ["subtitles"]),
        ("accessibility", [1]),
        ("accessibility", {"captions": True}),
        ("state", "cancelled"),
        ("state", "sold_out"),
        ("state", None),
        ("state", ["draft"]),
    ],
)
def test_a_value_that_is_not_valid_is_named_and_nothing_is_scheduled(field, value):
    answer = schedule(make_movie(), **{"startsAt": EIGHT, "capacity": 20, field: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == [field]
    assert not Showtime.objects.exists()
    assert not Auditorium.objects.exists()


@pytest.mark.parametrize(
    "number", [0, -1, 404, 10**30, 1.5, True, None, "one", "\x00", [1], {"id": 1}]
)
def test_an_auditorium_that_is_not_there_is_refused(number):
    make_auditorium()
    answer = schedule(make_movie(), startsAt=EIGHT, auditoriumId=number)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["auditoriumId"]
    assert not Showtime.objects.exists()


def test_an_auditorium_or_a_capacity_is_needed():
    answer = schedule(make_movie(), startsAt=EIGHT)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["auditoriumId"])


@pytest.mark.parametrize("number", ["404", "9" * 18, "9" * 30])
def test_a_movie_that_is_not_there_cannot_be_shown(number):
    wish = {"startsAt": EIGHT, "capacity": 20}
    answer = api_client(mia()).post(f"/movies/{number}/showtimes", wish)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Auditorium.objects.exists()


@pytest.mark.parametrize(("person", "status"), [(None, 401), (alice, 403), (bo, 403)])
def test_only_managers_schedule(person, status):
    movie = make_movie()
    client = api_client(person() if person else None)
    answer = client.post(f"/movies/{movie.pk}/showtimes", {"startsAt": EIGHT, "capacity": 20})
    assert answer.status_code == status
    assert not Showtime.objects.exists()
    assert not Auditorium.objects.exists()


def test_the_end_of_a_showtime_counts_its_cleaning():
    answer = schedule(make_movie(runtime_minutes=90), startsAt=EIGHT, capacity=20)
    starts_at, ends_at = (
        datetime.fromisoformat(answer.json()[name]) for name in ("startsAt", "endsAt")
    )
    assert ends_at - starts_at == timedelta(minutes=110)
