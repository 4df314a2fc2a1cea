"""`GET /reservations/showtime/:id`: who sits where and what it earned, for those who work here."""

from datetime import timedelta

import pytest

from accounts.tests.cast import alice, api_client, bo, bob, dora, make_person, mia
from reservations.tests.factories import book_for, hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

FIELDS = {"showtime", "reservations", "totalSeatsReserved", "capacity", "occupancy", "revenue"}


def test_an_empty_house():
    showtime = make_showtime()
    told = api_client(mia()).get(f"/reservations/showtime/{showtime.pk}").json()
    assert set(told) == FIELDS
    assert told["showtime"]["id"] == showtime.pk
    assert (told["reservations"], told["totalSeatsReserved"], told["capacity"]) == ([], 0, 24)
    assert (told["occupancy"], told["revenue"]) == (0, {"amount": 0, "currency": "usd"})


def test_revenue_is_what_was_captured_less_what_was_paid_back(stripe_standin):
    showtime, guest, manager = make_showtime(), alice(), mia()
    sold = book_for(stripe_standin, guest, showtime, "A1", "A2", "C1")
    off = book_for(stripe_standin, bob(), showtime, "C2")
    api_client(manager).delete(f"/reservations/{off.pk}")
    hold_for(make_person("Carol"), showtime, "A9")
    told = api_client(manager).get(f"/reservations/showtime/{showtime.pk}").json()
    assert told["revenue"] == {"amount": 3900, "currency": "usd"}
    assert (told["totalSeatsReserved"], told["occupancy"]) == (3, 0.125)
    by_guest = {one["guest"]["name"]: one for one in told["reservations"]}
    assert {name: one["state"] for name, one in by_guest.items()} == {
        "Alice": "confirmed", "Bob": "cancelled", "Carol": "held",
    }  # fmt: skip
    assert by_guest["Alice"]["guest"] == {
        "id": guest.pk, "name": "Alice", "email": "alice@example.org",
    }  # fmt: skip
    assert by_guest["Alice"]["reference"] == sold.reference


def test_other_showtimes_are_not_counted(stripe_standin):
    showtime, manager = make_showtime(), api_client(mia())
    other = make_showtime(
        movie=showtime.movie, auditorium=showtime.auditorium,
        starts_at=showtime.starts_at + timedelta(days=1),
    )  # fmt: skip
    book_for(stripe_standin, alice(), other, "A1")
    told = manager.get(f"/reservations/showtime/{showtime.pk}").json()
    assert (told["totalSeatsReserved"], told["revenue"]["amount"]) == (0, 0)


def test_a_full_house_costs_no_more_queries_than_an_empty_one(django_assert_max_num_queries):
    showtime, manager = make_showtime(), api_client(mia())
    for number in range(1, 9):
        hold_for(make_person(f"Guest{number}"), showtime, f"A{number}", f"C{number}")
    with django_assert_max_num_queries(12):
        told = manager.get(f"/reservations/showtime/{showtime.pk}").json()
    assert len(told["reservations"]) == 8


@pytest.mark.parametrize(
    ("person", "status", "code"),
    [
        (alice, 403, "permission_denied"),
        (dora, 403, "permission_denied"),
        (None, 401, "not_authenticated"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_guest_may_not_see_it(person, status, code, slash):
    showtime = make_showtime()
    hold_for(bob(), showtime, "A1")
    client = api_client(person() if person else None)
    answer = client.get(f"/reservations/showtime/{showtime.pk}{slash}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "bob" not in answer.content.decode().lower()
    unknown = client.get("/reservations/showtime/404404")
    assert unknown.json() == answer.json(), "nor learn which showtimes there are"


@pytest.mark.parametrize("person", [mia, bo])
@pytest.mark.parametrize("number", ["0", "404404", "9" * 18, "9" * 30])
def test_a_showtime_that_is_not_there_is_404(person, number):
    answer = api_client(person()).get(f"/reservations/showtime/{number}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
