"""A reservation goes only where the state machine leads, once, and says who or what moved it."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, alice, bob
from reservations import booking
from reservations.errors import StateMoved
from reservations.models import (
    CLAIMING,
    ENDED,
    STEPS,
    Reservation,
    ReservedSeat,
    State,
    StateChange,
)
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

PAIRS = list(itertools.product(State, State))


@pytest.fixture
def reservation():
    return hold_for(alice(), make_showtime(), "A1", "A2")


def in_state(reservation, state):
    """The same reservation, put into a state behind the back of the state machine."""
    holding = True if state == State.HELD else None
    Reservation.objects.filter(pk=reservation.pk).update(state=state, holding=holding)
    reservation.refresh_from_db()
    return reservation


def move(reservation, to, **changes):
    reservation.move(to, at=timezone.now(), by=TEST, **changes)


@pytest.mark.parametrize(("was", "to"), [pair for pair in PAIRS if pair in STEPS])
def test_a_step_that_exists_is_taken_and_written_down(reservation, was, to):
    move(in_state(reservation, was), to)
    stored = Reservation.objects.get(pk=reservation.pk)
    assert stored.state == reservation.state == to
    assert (stored.ended_at is not None) == (to in ENDED)
    assert [(c.from_state, c.to_state, c.by) for c in stored.history.all()] == [(was, to, "test")]


@pytest.mark.parametrize(("was", "to"), [pair for pair in PAIRS if pair not in STEPS])
def test_a_step_that_does_not_exist_changes_nothing(reservation, was, to):
    with pytest.raises(StateMoved):
        move(in_state(reservation, was), to)
    assert Reservation.objects.get(pk=reservation.pk).state == was
    assert not StateChange.objects.exists()


def test_nothing_leads_back_to_a_hold_or_out_of_cancelled():
    assert not [step for step in STEPS if step[1] == State.HELD]
    assert not [step for step in STEPS if step[0] == State.CANCELLED]
    assert [step for step in STEPS if step[0] == State.LAPSED] == [(State.LAPSED, State.PINNED)]


def test_every_state_either_claims_its_seats_or_has_ended():
    assert {*CLAIMING, *ENDED} == set(State)
    assert not set(CLAIMING) & set(ENDED)


@pytest.mark.parametrize("meanwhile", [State.PINNED, State.LAPSED, State.CANCELLED])
def test_a_worker_that_wakes_up_late_changes_nothing(reservation, meanwhile):
    stale = Reservation.objects.get(pk=reservation.pk)
    move(reservation, meanwhile)
    to = State.CANCELLED if meanwhile != State.CANCELLED else State.PINNED
    with pytest.raises(StateMoved):
        move(stale, to, held_until=timezone.now() + timedelta(days=9))
    stored = Reservation.objects.get(pk=reservation.pk)
    assert stored.state == meanwhile
    assert stored.held_until == reservation.held_until
    assert stored.history.count() == 1


def test_a_step_taken_again_by_the_same_object_is_refused(reservation):
    move(reservation, State.CANCELLED)
    with pytest.raises(StateMoved):
        move(reservation, State.CANCELLED)
    assert reservation.history.count() == 1


def test_the_history_of_a_step_commits_with_it_or_not_at_all(reservation):
    def unplugged():
        with transaction.atomic():
            move(reservation, State.PINNED)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        unplugged()
    assert Reservation.objects.get(pk=reservation.pk).state == State.HELD
    assert not StateChange.objects.exists()


def test_whoever_moved_it_is_named_in_a_hundred_characters_at_most(reservation):
    reservation.move(State.PINNED, at=timezone.now(), by=Actor.webhook("x" * 500))
    assert len(reservation.history.get().by) == 100


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": State.CONFIRMED},  # and still holding
        {"holding": None},  # held and not holding
        {"state": State.CONFIRMED, "holding": False},
    ],
)
def test_the_database_refuses_a_flag_that_contradicts_the_state(reservation, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=reservation.pk).update(**impossible)


def test_the_database_refuses_a_claim_that_is_neither_live_nor_history(reservation):
    with pytest.raises(IntegrityError), transaction.atomic():
        reservation.seats.update(live=False)


def test_the_database_refuses_a_second_live_claim_and_keeps_any_number_of_dead_ones(reservation):
    other = hold_for(bob(), reservation.showtime, "A3")
    claim = reservation.seats.first()
    again = {"reservation": other, "showtime_id": claim.showtime_id, "seat_id": claim.seat_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReservedSeat.objects.create(**again, price=1200)
    for _n in range(3):
        ReservedSeat.objects.create(**again, price=1200, live=None)


def test_the_database_refuses_a_guest_a_second_hold_of_a_showtime(reservation):
    copy = {
        "guest_id": reservation.guest_id,
        "showtime_id": reservation.showtime_id,
        "held_until": reservation.held_until,
        "cancellable_until": reservation.cancellable_until,
        "amount": 1200,
        "currency": "usd",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.create(**copy)
    ended = {"state": State.LAPSED, "holding": None}
    for _n in range(3):
        Reservation.objects.create(**copy, **ended)


def test_who_comes_late_confirms_nothing_that_was_released_meanwhile(reservation):
    pinned = booking.pin(reservation.pk, now=timezone.now(), by=TEST)
    booking.release(reservation.pk, now=timezone.now(), by=TEST)
    with pytest.raises(StateMoved):
        booking.confirm(pinned, now=timezone.now(), by=TEST)
    reservation.refresh_from_db()
    assert (reservation.state, reservation.confirmed_at) == (State.CANCELLED, None)
    assert [line.to_state for line in reservation.history.all()] == ["pinned", "cancelled"]


def test_who_comes_late_pins_nothing_that_was_released_meanwhile(reservation):
    seen = Reservation.objects.prefetch_related("seats").get(pk=reservation.pk)
    booking.release(reservation.pk, now=timezone.now(), by=TEST)
    assert not booking.pin_in_time(seen, now=timezone.now(), by=TEST)
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert [line.to_state for line in reservation.history.all()] == ["cancelled"]
