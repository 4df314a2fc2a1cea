"""A hold keeps seats for minutes, for one guest, and ends by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import alice, bob
from reservations.booking import merge
from reservations.booking.holder import Holder
from reservations.errors import (
    BlockedSeats,
    DuplicateSeats,
    NoSeats,
    NotTogether,
    SalesClosed,
    SeatsTaken,
    TooManySeats,
    UnknownSeats,
    UnknownShowtime,
)
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.factories import hold_as, hold_for
from showtimes.models import Seat, ShowtimeState
from showtimes.seat_plan import recount
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_a_hold_claims_its_seats_at_the_prices_of_the_moment():
    reservation = hold_for(alice(), make_showtime(), "A1", "C1")
    assert reservation.state == State.HELD
    assert reservation.amount == 1200 + 1500
    assert {(s.label, s.price, s.live) for s in reservation.seats.all()} == {
        ("A1", 1200, True),
        ("C1", 1500, True),
    }


def test_a_held_seat_is_refused_to_the_next_guest_who_is_told_what_is_free():
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1", "A2")
    with pytest.raises(SeatsTaken) as refusal:
        hold_for(bob(), showtime, "A2", "A3")
    assert refusal.value.taken == ["A2"]
    assert refusal.value.alternatives[0] == ["A3", "A4"]
    assert Reservation.objects.count() == 1


def test_asking_again_for_the_same_seats_is_the_same_hold_and_no_longer_time():
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    first = hold_for(guest, showtime, "A1", "A2", now=now)
    again = hold_for(guest, showtime, "a2", " A1 ", now=now + timedelta(minutes=3))
    assert (again.pk, again.held_until) == (first.pk, first.held_until)


def test_asking_for_other_seats_replaces_the_hold():
    guest, showtime = alice(), make_showtime()
    first = hold_for(guest, showtime, "A1", "A2")
    second = hold_for(guest, showtime, "A2", "A3")
    first.refresh_from_db()
    assert (first.state, second.state) == (State.CANCELLED, State.HELD)
    assert {s.label for s in ReservedSeat.objects.live()} == {"A2", "A3"}
    assert [(h.from_state, h.to_state) for h in first.history.all()] == [("held", "cancelled")]


def test_a_replacement_that_cannot_be_had_leaves_the_old_hold():
    guest, showtime = alice(), make_showtime()
    first = hold_for(guest, showtime, "A1")
    hold_for(bob(), showtime, "A2")
    with pytest.raises(SeatsTaken):
        hold_for(guest, showtime, "A1", "A2")
    first.refresh_from_db()
    assert first.state == State.HELD
    assert {s.label for s in first.seats.live()} == {"A1"}


def test_a_hold_whose_time_is_over_counts_as_free_though_nobody_tidied_up():
    showtime, now = make_showtime(), timezone.now()
    over = hold_for(alice(), showtime, "A1", "A2", now=now)
    reservation = hold_for(bob(), showtime, "A1", now=now + timedelta(minutes=11))
    over.refresh_from_db()
    assert (over.state, reservation.state) == (State.LAPSED, State.HELD)
    # All of the lapsed hold was let go, not only the seat that was wanted.
    assert {s.label for s in ReservedSeat.objects.live()} == {"A1"}


def test_the_same_guest_can_take_the_same_seats_again_after_a_lapse():
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    over = hold_for(guest, showtime, "A1", now=now)
    again = hold_for(guest, showtime, "A1", now=now + timedelta(minutes=11))
    over.refresh_from_db()
    assert again.pk != over.pk
    assert (over.state, again.state) == (State.LAPSED, State.HELD)


def test_a_hold_that_ends_in_this_instant_has_lapsed_and_was_not_cancelled():
    guest, showtime = alice(), make_showtime()
    over = hold_for(guest, showtime, "A1")
    newer = hold_for(guest, showtime, "A2", now=over.held_until)
    over.refresh_from_db()
    assert (over.state, newer.extensions) == (State.LAPSED, 0)


def test_seats_beside_the_own_are_free_when_another_hold_of_them_is_over():
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    over = hold_for(bob(), showtime, "A2", now=now)
    hold_for(guest, showtime, "A1", now=now + timedelta(minutes=9))
    both = hold_for(guest, showtime, "A1", "A2", now=now + timedelta(minutes=11))
    over.refresh_from_db()
    assert over.state == State.LAPSED
    assert {s.label for s in both.seats.live()} == {"A1", "A2"}


def test_the_same_seat_is_another_one_in_another_showtime():
    showtime, now = make_showtime(), timezone.now()
    other = make_showtime(
        movie=showtime.movie,
        auditorium=showtime.auditorium,
        starts_at=showtime.starts_at + timedelta(days=1),
    )
    first, second = alice(), bob()
    for each in (showtime, other):
        assert hold_for(first, each, "A1", now=now).state == State.HELD
        with pytest.raises(SeatsTaken):
            hold_for(second, each, "A1", now=now)


def test_a_visitor_holds_seats_before_logging_in_and_the_account_takes_them_over():
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    older = hold_for(guest, showtime, "A5")
    held = hold_as(Holder(visitor="v" * 43), showtime.pk, ["A1"], now=now)
    adopted = merge.merge("v" * 43, held.reference, guest.pk, now=now)
    older.refresh_from_db()
    assert (adopted.pk, adopted.guest_id, adopted.visitor) == (held.pk, guest.pk, None)
    assert older.state == State.CANCELLED


def test_the_best_so_many_together_are_held_for_a_number():
    reservation = hold_as(Holder(guest_id=alice().pk), make_showtime().pk, 3, now=timezone.now())
    labels = sorted(s.label for s in reservation.seats.all())
    assert len(labels) == 3
    assert len({label[0] for label in labels}) == 1
    numbers = [int(label[1:]) for label in labels]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


@pytest.mark.parametrize(
    ("labels", "refusal"),
    [
        ([], NoSeats),
        (["Z9"], UnknownSeats),
        (["A1", "a1"], DuplicateSeats),
        ([f"A{n}" for n in range(1, 11)] + ["C1"], TooManySeats),
        (0, NoSeats),
        (-3, NoSeats),
        (11, TooManySeats),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_and_holds_nothing(labels, refusal):
    with pytest.raises(refusal):
        hold_as(Holder(guest_id=alice().pk), make_showtime().pk, labels, now=timezone.now())
    assert not Reservation.objects.exists()


def test_a_seat_that_is_out_of_order_is_not_sold():
    showtime = make_showtime()
    Seat.objects.filter(row="A", number=1).update(out_of_order=True)
    recount(showtime.auditorium)
    with pytest.raises(BlockedSeats):
        hold_for(alice(), showtime, "A1")


def test_more_seats_together_than_are_free_are_refused():
    showtime = make_showtime()
    hold_for(alice(), showtime, *[f"A{n}" for n in range(1, 11)])
    hold_for(bob(), showtime, *[f"C{n}" for n in range(1, 10)])
    with pytest.raises(NotTogether):
        hold_as(Holder(visitor="x"), showtime.pk, 2, now=timezone.now())


def test_nothing_is_held_for_a_showtime_that_started_is_a_draft_or_was_cancelled():
    showtime, guest, now = make_showtime(), alice(), timezone.now()
    with pytest.raises(SalesClosed):
        hold_for(guest, showtime, "A1", now=showtime.starts_at)
    showtime.state = ShowtimeState.CANCELLED
    showtime.save()
    with pytest.raises(SalesClosed):
        hold_for(guest, showtime, "A1", now=now)
    showtime.state = ShowtimeState.DRAFT
    showtime.save()
    with pytest.raises(UnknownShowtime):
        hold_for(guest, showtime, "A1", now=now)


@pytest.mark.django_db(transaction=True)  # a test's own transaction would add savepoints
def test_a_hold_costs_eight_statements_at_most(django_assert_max_num_queries):
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    hold_as(Holder(visitor="warm"), showtime.pk, ["C1"], now=now)
    with django_assert_max_num_queries(8):
        hold_for(guest, showtime, "A1", "A2", now=now)
