"""`GET /reservations/my-reservations` and `/reservations/:id`: one's own, and nobody else's."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.cast import alice, api_client, bo, bob, dora, mia
from reservations.models import State
from reservations.tests.factories import book_for, hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "reference", "state", "showtime", "seats", "amount", "currency", "heldUntil",
    "cancellableUntil", "createdAt", "confirmedAt", "returnedSeats", "refund", "refunds",
}  # fmt: skip
PATH = "/reservations/my-reservations"


def test_a_booking_says_what_when_where_and_for_how_much(stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = book_for(stripe_standin, guest, showtime, "A1")
    (told,) = api_client(guest).get(PATH).json()
    assert set(told) == FIELDS
    assert told["reference"] == reservation.reference
    assert (told["state"], told["amount"], told["currency"]) == ("confirmed", 1200, "usd")
    assert told["showtime"]["movie"]["title"] == "The General"
    assert told["showtime"]["auditorium"]["name"] == "One"
    (seat,) = told["seats"]
    assert set(seat) == {"label", "kind", "price", "ticketCode"}
    assert seat["price"] == {"amount": 1200, "currency": "usd"}
    assert told["refund"] is None
    assert api_client(guest).get(f"/reservations/{reservation.pk}").json() == told


def test_only_a_confirmed_seat_has_a_ticket():
    guest = alice()
    hold_for(guest, make_showtime(), "A1")
    (told,) = api_client(guest).get(PATH).json()
    assert "ticketCode" not in told["seats"][0]


def test_ones_own_come_newest_first_and_nobody_elses():
    guest, other, showtime, now = alice(), bob(), make_showtime(), timezone.now()
    own = [
        hold_for(guest, make_showtime_after(showtime, days), f"A{days}", now=now).pk
        for days in (1, 2, 3)
    ]
    hold_for(other, showtime, "C1")
    told = api_client(guest).get(PATH)
    assert [one["id"] for one in told.json()] == own[::-1]
    assert told["X-Total-Count"] == "3"
    assert len(api_client(other).get(PATH).json()) == 1
    assert api_client(mia()).get(PATH).json() == []


def make_showtime_after(showtime, days):
    return make_showtime(
        movie=showtime.movie, auditorium=showtime.auditorium,
        starts_at=showtime.starts_at + timedelta(days=days),
    )  # fmt: skip


def test_state_and_upcoming_narrow_the_list(stripe_standin):
    guest, showtime = alice(), make_showtime()
    later = make_showtime_after(showtime, 5)
    booked = book_for(stripe_standin, guest, showtime, "A1")
    held = hold_for(guest, later, "A1")
    client = api_client(guest)

    def found(query: str) -> list[int]:
        return [one["id"] for one in client.get(PATH + query).json()]

    assert found("") == [held.pk, booked.pk]
    assert found("?state=confirmed") == [booked.pk]
    assert found("?state=held") == [held.pk]
    assert found("?state=cancelled") == []
    assert found("?state=") == [held.pk, booked.pk]
    assert found("?upcoming=true") == [held.pk, booked.pk]
    assert found("?upcoming=false") == [held.pk, booked.pk]
    with time_machine.travel(showtime.ends_at + timedelta(minutes=1), tick=False):
        client = api_client(guest)
        assert found("?upcoming=true") == [held.pk]
        assert found("?upcoming=1&state=confirmed") == []


@pytest.mark.parametrize("state", ["sold", "HELD", "held,confirmed", "%00", "1"])
def test_a_state_that_there_is_not_is_refused(state):
    answer = api_client(alice()).get(f"{PATH}?state={state}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["state"])


def test_a_long_list_comes_in_pages_at_a_fixed_number_of_queries(django_assert_max_num_queries):
    guest, showtime = alice(), make_showtime()
    for days in range(1, 8):
        hold_for(guest, make_showtime_after(showtime, days), "A1", "A2")
    client = api_client(guest)
    with django_assert_max_num_queries(6):
        answer = client.get(f"{PATH}?pageSize=3&page=2")
    assert len(answer.json()) == 3
    assert answer["X-Total-Count"] == "7"
    for relation in ("first", "prev", "next", "last"):
        assert f'rel="{relation}"' in answer["Link"]
    with django_assert_max_num_queries(6):
        assert len(client.get(PATH).json()) == 7


def test_ids_that_are_walked_show_nothing_of_others():
    reservation = hold_for(alice(), make_showtime(), "A1")
    client = api_client(bob())
    foreign = client.get(f"/reservations/{reservation.pk}")
    unknown = client.get(f"/reservations/{reservation.pk + 1}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
    assert foreign.json() == unknown.json()


@pytest.mark.parametrize(("person", "status"), [(mia, 200), (bo, 200), (dora, 404)])
def test_a_manager_and_the_box_office_may_look_at_any(person, status):
    reservation = hold_for(alice(), make_showtime(), "A1")
    assert api_client(person()).get(f"/reservations/{reservation.pk}").status_code == status


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 30])
@pytest.mark.parametrize("person", [alice, mia])
def test_what_is_not_there_is_404(number, person):
    answer = api_client(person()).get(f"/reservations/{number}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("slash", ["", "/"])
def test_without_a_log_in_there_is_nothing_to_see(slash):
    reservation = hold_for(alice(), make_showtime(), "A1")
    for path in (PATH, f"/reservations/{reservation.pk}"):
        answer = api_client().get(path + slash)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert reservation.state == State.HELD
