"""The list of showtimes goes by business days, on a database without time zones too."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.tests.cast import mia
from movies.tests.factories import make_movie
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
SHOWTIMES = "/admin/showtimes/showtime/"
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)  # in New York, a Sunday


@pytest.fixture(autouse=True)
def _manager_at_noon(client):
    with time_machine.travel(NOON, tick=False):
        client.force_login(mia())
        yield


@pytest.fixture
def programme():
    """Yesterday, tonight, after midnight (which is tonight), tomorrow."""
    movie, room = make_movie(), make_auditorium()
    hours = {"yesterday": -22, "tonight": 7, "late": 12.5, "tomorrow": 31}
    return {
        name: make_showtime(
            movie=movie,
            auditorium=room,
            starts_at=NOON + timedelta(hours=after),
            now=NOON - timedelta(days=2),
        )
        for name, after in hours.items()
    }


def listed(client, programme, **query) -> list[str]:
    """Which of the programme are on the page, in its order."""
    rows = client.get(SHOWTIMES, query).context["cl"].result_list
    return [name for row in rows for name, showtime in programme.items() if showtime == row]


def test_at_first_everything_from_today_on_in_the_order_of_the_start(client, programme):
    assert listed(client, programme) == ["tonight", "late", "tomorrow"]


def test_a_day_ends_at_five_in_the_morning(client, programme):
    assert listed(client, programme, day="2027-01-10") == ["tonight", "late"]
    assert listed(client, programme, day="2027-01-11") == ["tomorrow"]


def test_the_past_comes_newest_first_and_any_day_is_everything(client, programme):
    assert listed(client, programme, day="past") == ["yesterday"]
    assert len(listed(client, programme, day="any")) == 4


@pytest.mark.parametrize("day", ["2027-02-30", "x", "0001-01-01", "9999-12-31", "\x00", "2027-W1"])
def test_what_is_no_day_is_as_if_none_were_asked_for(client, programme, day):
    assert listed(client, programme, day=day) == ["tonight", "late", "tomorrow"]


def test_what_starts_after_midnight_says_whose_night_it_is(client, programme):
    page = client.get(SHOWTIMES, {"day": "2027-01-10"}).content.decode()
    assert "Sun night, Mon, Jan 11" in page


def test_the_list_says_how_many_seats_are_taken(client, programme):
    from accounts.tests.cast import alice
    from reservations.tests.factories import hold_for

    hold_for(alice(), programme["tonight"], "A1", "A2")
    page = client.get(SHOWTIMES, {"day": "2027-01-10"}).content.decode()
    assert 'aria-label="2 of 24 seats taken"' in page


def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    movie = make_movie()
    for number in range(20):
        make_showtime(movie=movie, auditorium=make_auditorium(f"Room {number}", plan="A  ss"))
    client.get(SHOWTIMES)
    with django_assert_max_num_queries(9):
        client.get(SHOWTIMES)
