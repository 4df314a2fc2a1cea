"""What cannot be held is refused with its reason, and nothing is written and nobody asked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.cast import alice, api_client, as_json, bob
from reservations.models import Reservation, ReservedSeat
from reservations.tests.factories import hold_for
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.seat_plan import recount
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

PATH = "/payment/create-payment-intent"


def ask(wish: dict[str, Any]):
    return api_client(alice()).post(PATH, **as_json(wish))


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ([], "no_seats"),
        (0, "no_seats"),
        (-1, "no_seats"),
        (-(10**30), "no_seats"),
        ("", "no_seats"),
        (11, "too_many_seats"),
        (10_000, "too_many_seats"),
        (10**30, "too_many_seats"),
        ([f"A{n}" for n in range(1, 12)], "too_many_seats"),
        ([f"A{n}" for n in range(10_000)], "too_many_seats"),
        (["A1"] * 10_000, "too_many_seats"),
        (["Z1"], "unknown_seats"),
        (["A0"], "unknown_seats"),
        (["A11"], "unknown_seats"),
        (["A-1"], "unknown_seats"),
        (["A1", "Z9"], "unknown_seats"),
        (["A01"], "unknown_seats"),
        (["\uff211"], "unknown_seats"),
        (["A\u0661"], "unknown_seats"),
        (["A1 OR 1=1"], "unknown_seats"),
        (["\ud800"], "unknown_seats"),
        ([""], "unknown_seats"),
        ("2", "unknown_seats"),
        (["A1", "A1"], "duplicate_seats"),
        (["A1", "a1 "], "duplicate_seats"),
        (["A3"], "blocked_seats"),
        (["A1", "A3"], "blocked_seats"),
        (None, "invalid"),
        (True, "invalid"),
        (False, "invalid"),
        (2.0, "invalid"),
        (1.5, "invalid"),
        ({}, "invalid"),
        ({"row": "A", "number": 1}, "invalid"),
        ([None], "invalid"),
        ([1], "invalid"),
        ([1.5], "invalid"),
        ([True], "invalid"),
        ([["A1"]], "invalid"),
        ([{"label": "A1"}], "invalid"),
        (["A1", None], "invalid"),
        (["A1\x00"], "invalid"),
        (["A" * 5000], "invalid"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(seats, code, stripe_standin):
    showtime = make_showtime()
    Seat.objects.filter(auditorium=showtime.auditorium, row="A", number=3).update(out_of_order=True)
    recount(showtime.auditorium)
    answer = ask({"showtimeId": showtime.pk, "seats": seats})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert list(answer.json()["errors"]) == ["seats"]
    assert len(answer.content) < 1000
    assert not Reservation.objects.exists()
    assert not ReservedSeat.objects.exists()
    assert stripe_standin.calls() == []


def test_a_seat_of_another_auditorium_is_no_seat_here():
    showtime = make_showtime()
    make_auditorium("Big", plan="A  s\nZ  sss")
    answer = ask({"showtimeId": showtime.pk, "seats": ["Z1"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_seats")


@pytest.mark.parametrize("field", ["showtimeId", "seats"])
def test_what_is_missing_is_named(field):
    wish = {"showtimeId": make_showtime().pk, "seats": ["A1"]}
    del wish[field]
    answer = ask(wish)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    "number", [None, 0, -1, 1.5, True, "one", "", [1], {"id": 1}, 2**63, 10**40]
)
def test_what_is_no_number_of_a_showtime_is_refused(number):
    answer = ask({"showtimeId": number, "seats": ["A1"]})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["showtimeId"])


@pytest.mark.parametrize("number", [404, "404", 2**63 - 1])
def test_a_showtime_that_is_not_there_is_404(number):
    answer = ask({"showtimeId": number, "seats": ["A1"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_draft_is_not_there():
    draft = make_showtime(state=ShowtimeState.DRAFT)
    assert ask({"showtimeId": draft.pk, "seats": ["A1"]}).status_code == 404


def test_a_showtime_that_has_begun_or_was_cancelled_sells_no_more(stripe_standin):
    showtime, client = make_showtime(), api_client(alice())
    wish = {"showtimeId": showtime.pk, "seats": ["A1"]}
    with time_machine.travel(showtime.starts_at, tick=False):
        begun = api_client(bob()).post(PATH, wish)
    Showtime.objects.update(state=ShowtimeState.CANCELLED)
    cancelled = client.post(PATH, wish)
    for answer in (begun, cancelled):
        assert (answer.status_code, answer.json()["code"]) == (409, "sales_closed")
    assert not Reservation.objects.exists()


def test_up_to_the_last_moment_seats_are_sold(stripe_standin):
    showtime = make_showtime()
    with time_machine.travel(showtime.starts_at - timedelta(seconds=1), tick=False):
        answer = ask({"showtimeId": showtime.pk, "seats": ["A1"]})
    assert answer.status_code == 201


def test_nobody_asks_a_thousand_times_a_minute(stripe_standin):
    showtime = make_showtime()
    with time_machine.travel(timezone.now().replace(second=1), tick=False):
        client = api_client(alice())
        wishes = [{"showtimeId": showtime.pk, "seats": ["nonsense"]} for _n in range(31)]
        answers = [client.post(PATH, wish) for wish in wishes]
        other = api_client(bob()).post(PATH, wishes[0])
    assert [answer.status_code for answer in answers] == [400] * 30 + [429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert other.status_code == 400, "one guest's noise is not another's"


def test_hoarding_by_holding_again_keeps_one_hold_and_no_longer_time(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    wish = {"showtimeId": showtime.pk, "seats": ["A1"]}
    first = client.post(PATH, wish).json()["reservation"]["heldUntil"]
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert client.post(PATH, wish).json()["reservation"]["heldUntil"] == first
    hold_for(bob(), showtime, "A2")
    assert ReservedSeat.objects.live().count() == 2
