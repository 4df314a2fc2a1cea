"""Each step of a held reservation, on its own: what it takes, what it leaves, and what it refuses.

Whoever read a reservation before it moved changes nothing: a step says in its statement from where.
"""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, alice, bob, make_person
from moviereservation.db import transactions
from reservations import booking
from reservations.booking import statements
from reservations.errors import SeatsLost, StateMoved
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating import occupancy
from reservations.tests.factories import hold_for
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

AN_INSTANT = timedelta(microseconds=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def held(now):
    """A hold as a checkout reads it: with its seats."""
    return read(hold_for(alice(), make_showtime(), "A1", "A2", now=now))


@pytest.fixture
def pinned(held, now):
    assert booking.pin_in_time(held, now=now, by=TEST)
    return held


def read(reservation):
    return statements.with_money("r.id = %s", reservation.pk)


def steps_of(reservation):
    return [line.to_state for line in reservation.history.order_by("pk")]


# pin_in_time: the way that nearly every sale goes


def test_a_hold_is_pinned_in_time(held, now):
    assert booking.pin_in_time(held, now=now, by=TEST)
    assert (held.state, held.holding) == (State.PINNED, None)
    assert read(held).state == State.PINNED
    assert steps_of(held) == [State.PINNED]


def test_a_hold_is_in_time_until_the_instant_in_which_it_is_over(held):
    assert not booking.pin_in_time(held, now=held.held_until, by=TEST)
    assert booking.pin_in_time(held, now=held.held_until - AN_INSTANT, by=TEST)


def test_a_hold_that_was_released_since_it_was_read_is_not_pinned(held, now):
    booking.release(held.pk, now=now, by=TEST)
    assert not booking.pin_in_time(held, now=now, by=TEST)
    assert read(held).state == State.CANCELLED
    assert steps_of(held) == [State.CANCELLED]


def test_a_hold_of_a_showtime_that_was_called_off_is_not_pinned(held, now):
    Showtime.objects.update(state=ShowtimeState.CANCELLED)
    assert not booking.pin_in_time(held, now=now, by=TEST)
    assert read(held).state == State.HELD


def test_whoever_pinned_it_is_named_in_a_hundred_characters_at_most(held, now):
    booking.pin_in_time(held, now=now, by=Actor.webhook("x" * 500))
    assert len(held.history.get().by) == 100


# confirm


def test_a_sale_is_shown_as_sold_at_once(pinned, now):
    shown = occupancy.occupancy_of(pinned.showtime_id, now=now).taken
    assert set(shown.values()) == {"held"}
    booking.confirm(pinned, now=now, by=TEST)
    assert set(occupancy.occupancy_of(pinned.showtime_id, now=now).taken.values()) == {"sold"}


def test_confirming_twice_is_confirming_once(pinned, now):
    again = read(pinned)
    sold = booking.confirm(pinned, now=now, by=TEST, acknowledged_at=now)
    assert (sold.state, sold.confirmed_at, sold.acknowledged_at) == (State.CONFIRMED, now, now)
    later = booking.confirm(again, now=now + timedelta(minutes=1), by=TEST)
    for answer in (later, read(pinned)):
        assert answer.state == State.CONFIRMED
        assert (answer.confirmed_at, answer.acknowledged_at) == (now, now)
    assert steps_of(pinned) == [State.PINNED, State.CONFIRMED]


def test_what_was_released_since_it_was_read_is_not_sold(pinned, now):
    booking.release(pinned.pk, now=now, by=TEST)
    with pytest.raises(StateMoved):
        booking.confirm(pinned, now=now, by=TEST)
    assert read(pinned).state == State.CANCELLED
    assert steps_of(pinned) == [State.PINNED, State.CANCELLED]


# pin, for what did not go as sales go


def test_pinning_twice_is_pinning_once_also_when_it_is_sold(pinned, now):
    assert booking.pin(pinned.pk, now=now, by=TEST).state == State.PINNED
    booking.confirm(pinned, now=now, by=TEST)
    assert booking.pin(pinned.pk, now=now, by=TEST).state == State.CONFIRMED
    assert steps_of(pinned) == [State.PINNED, State.CONFIRMED]


def test_seats_that_are_taken_again_are_shown_as_gone_at_once(held, now):
    over = held.held_until
    booking.lapse(held.pk, now=over, by=TEST)
    assert not occupancy.occupancy_of(held.showtime_id, now=over).taken
    booking.pin(held.pk, now=over, by=TEST)
    assert len(occupancy.occupancy_of(held.showtime_id, now=over).taken) == 2


def test_seats_that_somebody_has_now_are_not_taken_again_and_no_other_hold_ends(held, now):
    """One seat is in a hold that is over, the other one in a hold that is not."""
    over = held.held_until
    booking.lapse(held.pk, now=over, by=TEST)
    older = hold_for(bob(), held.showtime, "A2", now=over)
    newer = hold_for(make_person("Carol"), held.showtime, "A1", now=older.held_until)
    with pytest.raises(SeatsLost):
        booking.pin(held.pk, now=older.held_until, by=TEST)
    assert [read(each).state for each in (held, older, newer)] == [
        State.LAPSED,
        State.HELD,
        State.HELD,
    ]


# lapse and release


def test_a_hold_lapses_in_the_instant_in_which_it_is_over_and_not_before(held):
    booking.lapse(held.pk, now=held.held_until - AN_INSTANT, by=TEST)
    assert read(held).state == State.HELD
    booking.lapse(held.pk, now=held.held_until, by=TEST)
    assert read(held).state == State.LAPSED
    assert not ReservedSeat.objects.live().exists()


def test_what_is_pinned_outlasts_its_hold(pinned):
    assert booking.lapse(pinned.pk, now=pinned.held_until, by=TEST).state == State.PINNED


def test_what_is_sold_is_not_released(pinned, now):
    booking.confirm(pinned, now=now, by=TEST)
    assert booking.release(pinned.pk, now=now, by=TEST).state == State.CONFIRMED
    assert ReservedSeat.objects.live().count() == 2


def test_releasing_twice_is_releasing_once(pinned, now):
    for _again in range(2):
        assert booking.release(pinned.pk, now=now, by=TEST).state == State.CANCELLED
    assert steps_of(pinned) == [State.PINNED, State.CANCELLED]


# Whole, or not at all


STEPS = {
    "pin": lambda held, now: booking.pin(held.pk, now=now, by=TEST),
    "pin_in_time": lambda held, now: booking.pin_in_time(held, now=now, by=TEST),
    "lapse": lambda held, now: booking.lapse(held.pk, now=held.held_until, by=TEST),
    "release": lambda held, now: booking.release(held.pk, now=now, by=TEST),
    "confirm": lambda held, now: booking.confirm(held, now=now, by=TEST),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_is_refused_at_commit_is_taken_again_and_stands_once(
    name, held, now, monkeypatch
):
    """Galera says at COMMIT that another node was first."""
    if name == "confirm":
        booking.pin_in_time(held, now=now, by=TEST)
    before, pauses = len(steps_of(held)), []
    commit, refusals = connection.commit, [OperationalError(1213, "Deadlock at commit")]

    def refused():
        if refusals:
            raise refusals.pop()
        commit()

    # The refusal is ours and comes before COMMIT is sent, so it is not sent with the statements.
    monkeypatch.setattr(connection, "sends_batches", False, raising=False)
    monkeypatch.setattr(connection, "commit", refused)
    monkeypatch.setattr(transactions.time, "sleep", pauses.append)
    STEPS[name](held, now)
    assert len(pauses) == 1
    assert len(steps_of(held)) == before + 1


# What is read by hand


def test_all_of_a_reservation_is_read_in_one_statement(held, django_assert_num_queries):
    with django_assert_num_queries(1):
        reservation = read(held)
    with django_assert_num_queries(0):
        for claim in reservation.seats.all():
            assert claim.seat.label == claim.label
            assert claim.reservation is reservation
            assert claim.ticket_type.pk == claim.ticket_type_id


def test_its_seats_are_in_the_order_in_which_they_stand(now):
    """Whatever the order of their keys is: by row, and in the row by place."""
    held = hold_for(alice(), make_showtime(), "A1", "A2", "C1", now=now)
    Seat.objects.filter(row="A", number=1).update(x=99)
    assert read(held).labels == ["A2", "A1", "C1"]


def test_claims_are_written_in_the_order_of_the_seats_keys(now):
    held = hold_for(alice(), make_showtime(), "C1", "A2", "A1", now=now)
    seats = list(ReservedSeat.objects.order_by("pk").values_list("seat_id", flat=True))
    assert seats == sorted(seats)
    assert Reservation.objects.get() == held
