"""No two people can ever get the same seat; and without its guards this test would notice.

Three guards keep a seat: the transaction with its lock, the look inside it, and the unique key.
Each alone is taken away here, and both: then the seat must be sold twice, or the tests before it
would prove nothing.
"""

import contextlib
import functools
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, make_person
from moviereservation.db.batches import Statement
from reservations import booking
from reservations.booking import holding, statements
from reservations.booking.holder import Holder
from reservations.errors import BookingRefused, SeatsLost, SeatsTaken
from reservations.models import Reservation, ReservedSeat
from reservations.tests.crowd import at_once, on_sqlite
from reservations.tests.factories import hold_as
from reservations.tests.points import before_point
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
KEY = next(c for c in ReservedSeat._meta.constraints if c.name == "a_seat_is_sold_once")


@pytest.fixture
def slow_writers(monkeypatch):
    """Everybody hesitates between look and write, so that a missing guard would show."""
    ends = holding.hold_ends

    def hesitate(now):
        time.sleep(0.15)
        return ends(now)

    monkeypatch.setattr(holding, "hold_ends", hesitate)


@pytest.fixture
def without_key():
    # SQLite rebuilds the table from what the model says.
    constraints = ReservedSeat._meta.constraints
    ReservedSeat._meta.constraints = [c for c in constraints if c is not KEY]
    with connection.schema_editor() as editor:
        editor.remove_constraint(ReservedSeat, KEY)
    yield
    ReservedSeat.objects.all().delete()
    ReservedSeat._meta.constraints = constraints
    with connection.schema_editor() as editor:
        editor.add_constraint(ReservedSeat, KEY)


@pytest.fixture
def without_lock(monkeypatch):
    """No lock on the seats; on SQLite, where the transaction is the lock, no transaction."""
    monkeypatch.setattr(statements, "lock", lambda seat_ids: Statement("SELECT 1"))
    if on_sqlite():
        claim = holding._claim.__wrapped__
        monkeypatch.setattr(holding, "_claim", claim)


def rush(*wishes):
    """Each wish by a guest of its own, all at once; the refusals, after checking what was sold."""
    showtime, now = make_showtime(), timezone.now()
    guests = [make_person(f"Guest{n}") for n in range(len(wishes))]
    answers = at_once(
        [
            functools.partial(hold_as, Holder(guest_id=guest.pk), showtime.pk, wish, now=now)
            for guest, wish in zip(guests, wishes, strict=True)
        ]
    )
    unexpected = [a for a in answers if not isinstance(a, Reservation | BookingRefused)]
    assert not unexpected, unexpected
    return answers


def most_claims_on_a_seat():
    live = ReservedSeat.objects.live().values_list("seat_id", flat=True)
    return max(Counter(live).values(), default=0)


def winners(answers):
    return [answer for answer in answers if isinstance(answer, Reservation)]


def test_of_a_crowd_that_wants_the_same_seats_one_gets_them(slow_writers):
    answers = rush(*[["A1", "A2"]] * CROWD)
    assert len(winners(answers)) == 1
    assert all(a.taken == ["A1", "A2"] for a in answers if isinstance(a, SeatsTaken))
    assert most_claims_on_a_seat() == 1


def test_overlapping_wishes_in_any_order_never_share_a_seat(slow_writers):
    answers = rush(*[["A1", "A2"], ["A2", "A3"], ["A3", "A1"], ["A3", "A2", "A1"]] * 2)
    assert winners(answers)
    assert most_claims_on_a_seat() == 1


def test_many_who_ask_for_the_best_two_all_get_two_of_their_own():
    answers = rush(*[2] * CROWD)
    assert len(winners(answers)) == CROWD
    assert most_claims_on_a_seat() == 1


def test_the_key_alone_keeps_the_seat(slow_writers, without_lock):
    assert len(winners(rush(*[["A1", "A2"]] * CROWD))) == 1
    assert most_claims_on_a_seat() == 1


def test_the_lock_alone_keeps_the_seat(slow_writers, without_key):
    assert len(winners(rush(*[["A1", "A2"]] * CROWD))) == 1
    assert most_claims_on_a_seat() == 1


def test_control_without_lock_and_key_the_seat_is_sold_twice(
    slow_writers, without_lock, without_key
):
    assert len(winners(rush(*[["A1", "A2"]] * CROWD))) > 1
    assert most_claims_on_a_seat() > 1


@pytest.mark.parametrize(("isolation", "owners"), [("READ COMMITTED", 1), ("REPEATABLE READ", 2)])
def test_control_at_another_isolation_late_money_does_not_see_who_was_faster(
    without_key, isolation, owners
):
    """The locking law, 1: what was read before the lock must not be what is seen after it."""
    if on_sqlite():
        pytest.skip("SQLite knows one isolation, serializable")
    showtime, now = make_showtime(), timezone.now()
    wishes = [(Holder(guest_id=make_person(name).pk), showtime.pk, ["A1"]) for name in "AB"]
    late = hold_as(*wishes[0], now=now - timedelta(hours=1))
    booking.lapse(late.pk, now=now, by=Actor.rule("time over"))

    def another_worker_sells_it():
        at_once([functools.partial(hold_as, *wishes[1], now=now)])

    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}")
    try:
        # Between the first look, at which seats to lock, and the lock.
        with before_point(2, another_worker_sells_it), contextlib.suppress(SeatsLost):
            booking.pin(late.pk, now=now, by=TEST)
    finally:
        connection.close()
    assert most_claims_on_a_seat() == owners


def test_one_guest_in_many_tabs_has_one_hold(slow_writers):
    showtime, now = make_showtime(), timezone.now()
    holder = Holder(guest_id=make_person("Alice").pk)
    labels = [f"A{n}" for n in range(1, 7)]
    answers = at_once(
        [functools.partial(hold_as, holder, showtime.pk, [one], now=now) for one in labels]
    )
    assert not [a for a in answers if not isinstance(a, Reservation | BookingRefused)]
    assert Reservation.objects.filter(holding=True).count() == 1
    assert ReservedSeat.objects.live().count() == 1


def test_the_verbs_of_booking_own_the_outermost_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        hold_as(Holder(visitor="x"), make_showtime().pk, ["A1"], now=timezone.now())
