"""The map under a crowd, and what it says against what is counted elsewhere."""

import functools
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from reservations import booking
from reservations.errors import UnknownShowtime
from reservations.seating import occupancy, seat_map
from reservations.seating.seat_map import BLOCKED, FREE, HELD, SOLD
from reservations.tests.crowd import at_once
from reservations.tests.factories import hold_for
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.seat_plan import recount
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return timezone.now()


def states(showtime, now):
    drawn = seat_map.seat_map(showtime.pk, now=now)
    return {seat.label: seat.state for row in drawn.rows for seat in row.seats}


def test_a_crowd_that_opens_the_map_has_it_drawn_once(monkeypatch, now):
    showtime, draw, drawings = make_showtime(), occupancy._read, []

    def slowly(*args, **kwargs):
        drawings.append(1)
        time.sleep(0.1)
        return draw(*args, **kwargs)

    monkeypatch.setattr(occupancy, "_read", slowly)
    monkeypatch.setattr(occupancy, "FRESH_SECONDS", 60)  # on a busy machine a crowd takes seconds
    look = functools.partial(seat_map.seat_map, showtime.pk, now=now)
    maps = at_once([look] * 8)
    assert all(drawn == maps[0] for drawn in maps)
    assert maps[0].seats_available == 24
    assert len(drawings) == 1


def test_a_map_drawn_while_a_seat_was_taken_is_not_kept(monkeypatch, now):
    showtime, guest, draw = make_showtime(), alice(), occupancy._read

    def while_somebody_books(*args, **kwargs):
        drawn = draw(*args, **kwargs)
        hold_for(guest, showtime, "A1", now=now)
        return drawn

    monkeypatch.setattr(occupancy, "_read", while_somebody_books)
    assert states(showtime, now)["A1"] == FREE
    monkeypatch.undo()
    assert states(showtime, now)["A1"] == HELD


def test_every_step_of_a_booking_is_seen_at_once(now):
    showtime, later = make_showtime(), now + timedelta(minutes=11)
    held = hold_for(alice(), showtime, "A1", now=now)
    assert states(showtime, now)["A1"] == HELD
    pinned = booking.pin(held.pk, now=now, by=TEST)
    assert states(showtime, later)["A1"] == HELD  # also beyond the time of the hold
    booking.confirm(pinned, now=now, by=TEST)
    assert states(showtime, now)["A1"] == SOLD
    lapsing = hold_for(bob(), showtime, "A2", now=now)
    assert states(showtime, now)["A2"] == HELD
    booking.lapse(lapsing.pk, now=later, by=TEST)
    assert states(showtime, now)["A2"] == FREE


def test_what_is_counted_is_what_is_drawn(now):
    showtime = make_showtime()
    Seat.objects.filter(row="A", number=10).update(out_of_order=True)
    recount(showtime.auditorium)
    hold_for(alice(), showtime, "A1", "A2", now=now)
    drawn = states(showtime, now)
    taken = occupancy.count_taken([showtime.pk], now=now)[showtime.pk]
    assert taken == 2 == sum(state in (HELD, SOLD) for state in drawn.values())
    assert drawn["A10"] == BLOCKED
    showtime.auditorium.refresh_from_db()
    available = seat_map.seat_map(showtime.pk, now=now).seats_available
    assert available == showtime.auditorium.capacity - taken


def test_a_hold_that_ended_by_itself_is_shown_for_a_few_seconds_at_most(now):
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1", now=now - timedelta(minutes=10))
    assert states(showtime, now - timedelta(seconds=1))["A1"] == HELD
    time.sleep(occupancy.FRESH_SECONDS + 0.1)
    assert states(showtime, now)["A1"] == FREE


def test_a_changed_price_is_seen_at_once(now):
    showtime = make_showtime()
    seat_map.seat_map(showtime.pk, now=now)
    showtime.prices = {"standard": 990}
    showtime.save()
    drawn = seat_map.seat_map(showtime.pk, now=now)
    assert {seat.price for row in drawn.rows for seat in row.seats} == {990}


@pytest.mark.parametrize("number", [0, -1, 10**9, 2**70])
def test_a_showtime_that_is_not_there_has_no_map(number, now):
    with pytest.raises(UnknownShowtime):
        seat_map.seat_map(number, now=now)


def test_a_draft_has_no_map(now):
    showtime = make_showtime()
    Showtime.objects.update(state=ShowtimeState.DRAFT)
    with pytest.raises(UnknownShowtime):
        seat_map.seat_map(showtime.pk, now=now)
