"""What the API suggests and advises: cheap, cached, and nothing is held by it."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.cast import alice
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def suggested(showtime, **query):
    answer = APIClient().get(f"/showtimes/{showtime.pk}/seats/suggestions", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def advice(showtime, **query):
    answer = APIClient().get(f"/showtimes/{showtime.pk}/seats/advice", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_best_and_what_a_click_takes():
    found = suggested(make_showtime(), party=2)
    assert found["party"] == 2
    assert found["best"][0][0][0] == "C"
    assert found["bySeat"]["A1"] == ["A1", "A2"]
    assert found["bySeat"]["B1"] == ["B1", "B2"]
    assert not Reservation.objects.exists()


def test_what_is_taken_is_not_suggested_unless_it_is_ones_own():
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1", "A2")
    assert "A1" not in suggested(showtime, party=2)["bySeat"]
    assert suggested(showtime, party=2, mine="A1,A2")["bySeat"]["A1"] == ["A1", "A2"]


def test_the_rest_of_a_party_is_seated_beside_those_who_are_chosen():
    found = suggested(make_showtime(), party=2, chosen="A1, a2")
    assert found["bySeat"]["A3"] == ["A3", "A4"]
    assert "A1" not in found["bySeat"]


def test_advice_says_what_a_page_would_refuse_and_what_to_do_instead():
    showtime = make_showtime()
    said = advice(showtime, seats="A2,A3")
    assert (said["code"], said["leftAlone"]) == ("leaves_seat_alone", ["A1"])
    assert said["fixes"][0] == {"seats": ["A1", "A2"], "words": "Move one seat left"}
    assert advice(showtime, seats="B2")["code"] == "companion_alone"
    assert advice(showtime, seats="A1,A2") == {"fixes": []}


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("suggestions", {}, "invalid"),
        ("suggestions", {"party": 0}, "invalid"),
        ("suggestions", {"party": 11}, "invalid"),
        ("suggestions", {"party": "many"}, "invalid"),
        ("suggestions", {"party": 2, "mine": "Z9"}, "unknown_seats"),
        ("suggestions", {"party": 2, "chosen": "A1,?"}, "unknown_seats"),
        ("advice", {}, "invalid"),
        ("advice", {"seats": ","}, "no_seats"),
        ("advice", {"seats": "A1,Z9"}, "unknown_seats"),
        ("advice", {"seats": "A1,A1"}, "duplicate_seats"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(path, query, code):
    answer = APIClient().get(f"/showtimes/{make_showtime().pk}/seats/{path}", query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("path", ["suggestions?party=2", "advice?seats=A1"])
def test_an_unknown_showtime_is_404(path):
    assert APIClient().get(f"/showtimes/404/seats/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["seats", "seats/suggestions?party=4", "seats/suggestions?party=2&mine=A1&chosen=A2",
     "seats/advice?seats=A2,A3"],
)  # fmt: skip
def test_they_ask_the_database_for_nothing_while_the_occupancy_is_cached(
    path, django_assert_num_queries
):
    path = f"/showtimes/{make_showtime().pk}/{path}"
    with django_assert_num_queries(3):
        APIClient().get(path)
    with django_assert_num_queries(0):
        APIClient().get(path)


@pytest.mark.parametrize("path", ["seats", "seats/suggestions?party=4"])
def test_a_live_refresh_without_news_is_a_304_for_nothing(
    path, django_assert_num_queries, monkeypatch, django_capture_on_commit_callbacks
):
    showtime = make_showtime()
    path = f"/showtimes/{showtime.pk}/{path}"
    tag = APIClient().get(path)["ETag"]
    monkeypatch.setattr(
        "reservations.api.showtimes.cached", None
    )  # nothing is even fetched to be sent
    with django_assert_num_queries(0):
        again = APIClient().get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(alice(), showtime, "A1")
    assert APIClient().get(path, headers={"If-None-Match": tag}).status_code == 200
