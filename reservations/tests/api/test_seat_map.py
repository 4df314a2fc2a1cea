"""`GET /showtimes/:id/seats`: every seat, where it is, what it costs, and whether it is free."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.tests.cast import TEST, alice, bob
from reservations.models import State
from reservations.seating.occupancy import invalidate
from reservations.tests.factories import hold_for
from showtimes.models import Seat, ShowtimeState
from showtimes.seat_plan import plan_at, recount
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def seats_of(showtime_id: int) -> dict[str, dict]:
    answer = APIClient().get(f"/showtimes/{showtime_id}/seats")
    assert answer.status_code == 200
    return {seat["label"]: seat for row in answer.json()["rows"] for seat in row["seats"]}


def test_the_map_is_the_plan_with_prices_and_states():
    showtime = make_showtime()
    shown = APIClient().get(f"/showtimes/{showtime.pk}/seats").json()
    assert set(shown) == {"showtimeId", "rows", "seatsAvailable"}
    assert (shown["showtimeId"], shown["seatsAvailable"]) == (showtime.pk, 24)
    assert [row["label"] for row in shown["rows"]] == ["A", "B", "C"]
    assert [len(row["seats"]) for row in shown["rows"]] == [10, 4, 10]
    assert shown["rows"][0]["seats"][0] == {
        "label": "A1", "kind": "standard", "x": 0, "y": 0, "state": "free",
        "price": {"amount": 1200, "currency": "usd"},
    }  # fmt: skip
    assert shown["rows"][1]["seats"][0]["kind"] == "wheelchair"
    assert shown["rows"][2]["seats"][5] == {
        "label": "C6", "kind": "premium", "x": 6, "y": 2, "state": "free",
        "price": {"amount": 1500, "currency": "usd"},
    }  # fmt: skip


def test_held_sold_and_blocked_are_told_apart():
    showtime = make_showtime()
    held = hold_for(alice(), showtime, "A1")
    sold = hold_for(bob(), showtime, "A2")
    sold.move(State.PINNED, at=timezone.now(), by=TEST)
    assert seats_of(showtime.pk)["A2"]["state"] == "held"
    sold.move(State.CONFIRMED, at=timezone.now(), by=TEST)
    Seat.objects.filter(auditorium=showtime.auditorium, row="A", number=3).update(out_of_order=True)
    recount(showtime.auditorium)
    invalidate(showtime.pk)
    seats = seats_of(showtime.pk)
    states = {label: seats[label]["state"] for label in ("A1", "A2", "A3", "A4")}
    assert states == {"A1": "held", "A2": "sold", "A3": "blocked", "A4": "free"}
    assert held.state == State.HELD


def test_a_change_is_seen_at_once_although_the_map_is_cached(django_capture_on_commit_callbacks):
    showtime = make_showtime()
    assert seats_of(showtime.pk)["A1"]["state"] == "free"
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(alice(), showtime, "A1")
    assert seats_of(showtime.pk)["A1"]["state"] == "held"


def test_a_hold_whose_time_is_over_is_free_again_though_nobody_tidied_up():
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert seats_of(showtime.pk)["A1"]["state"] == "free"


def test_the_map_costs_three_queries_and_none_while_it_is_cached(django_assert_num_queries):
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1")
    plan_at.cache_clear()
    invalidate(showtime.pk)
    with django_assert_num_queries(3):
        seats_of(showtime.pk)
    with django_assert_num_queries(0):
        seats_of(showtime.pk)


def test_one_showtime_in_two_spellings_of_its_number_is_one_map(
    django_capture_on_commit_callbacks,
):
    showtime = make_showtime()
    spelled = f"/showtimes/000{showtime.pk}/seats/"
    assert APIClient().get(spelled).json()["showtimeId"] == showtime.pk
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(alice(), showtime, "A1")
    assert APIClient().get(spelled).json()["rows"][0]["seats"][0]["state"] == "held"


@pytest.mark.parametrize("number", ["0", "404", "9" * 18, "9" * 19, "9" * 5000])
def test_a_showtime_that_is_not_there_has_no_map(number):
    answer = APIClient().get(f"/showtimes/{number}/seats")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_draft_has_no_map_for_anybody():
    draft = make_showtime(state=ShowtimeState.DRAFT)
    assert APIClient().get(f"/showtimes/{draft.pk}/seats").status_code == 404


def test_the_map_tells_nobody_who_sits_where():
    showtime = make_showtime()
    reservation = hold_for(alice(), showtime, "A1")
    answer = APIClient().get(f"/showtimes/{showtime.pk}/seats").content.decode()
    assert "alice" not in answer.lower()
    assert reservation.reference not in answer
