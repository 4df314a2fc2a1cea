"""A worker may be killed before any statement, any COMMIT and any call of Stripe, and after it.

After the restart housekeeping finds what it left: every paid seat is kept, none is sold twice,
nothing is charged that was not sold, and one refund is one refund.
"""

import functools

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, make_person
from movies.tests.factories import make_movie
from reservations import booking, checkout
from reservations.booking.holder import Holder
from reservations.checkout import cancellation
from reservations.errors import SeatsLost
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.aftermath import assert_all_is_well, money_at_stripe, tidy_up
from reservations.tests.factories import authorise, book_for, hold_as, hold_for, start_for
from reservations.tests.points import Killed, before_point, die
from reservations.upkeep import housekeeping
from showtimes.models import Auditorium
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

MOST_POINTS = 200
PLAN = "A  sss"


@pytest.fixture
def now():
    return timezone.now()


def another_showtime():
    number = Auditorium.objects.count()
    room = make_auditorium(f"Room {number}", plan=PLAN)
    return make_showtime(movie=make_movie(f"Movie {number}"), auditorium=room)


def killed_everywhere(prepare, job, check, *, every=1):
    """Do the job again and again, for a new reservation each time, and die one point later.

    `check` hears what `prepare` made, and whether the job died. Returns how many points there were.
    """
    for number in range(1, MOST_POINTS, every):
        made, died = prepare(), False
        try:
            with before_point(number, die):
                job(made)
        except Killed:
            died = True
        check(made, died)
        if not died:
            return number - 1
    raise AssertionError("the job never ended")


def fresh(reservation):
    return Reservation.objects.select_related("payment").get(pk=reservation.pk)


def test_killed_while_holding_there_is_a_whole_hold_or_none(now):
    def check(made, died):
        guest, showtime = made
        held = Reservation.objects.filter(showtime=showtime)
        claims = ReservedSeat.objects.live().filter(showtime=showtime)
        assert [r.state for r in held] in ([], [State.HELD])
        assert claims.count() == 2 * len(held)
        # Whoever asks again, because the answer never came, gets it.
        again = hold_for(guest, showtime, "A1", "A2", now=now)
        assert (again.state, held.all().count()) == (State.HELD, 1)

    points = killed_everywhere(
        lambda: (make_person(f"Guest{Auditorium.objects.count()}"), another_showtime()),
        lambda made: hold_for(*made, "A1", "A2", now=now),
        check,
    )
    assert points >= 6


def test_killed_while_replacing_there_is_the_old_hold_or_the_new(now):
    guest = make_person("Alice")

    def prepare():
        showtime = another_showtime()
        hold_for(guest, showtime, "A1", "A2", now=now)
        return showtime

    def check(showtime, died):
        held = {c.label for c in ReservedSeat.objects.live().filter(showtime=showtime)}
        assert held in ({"A1", "A2"}, {"A2", "A3"})
        assert Reservation.objects.filter(showtime=showtime, holding=True).count() == 1

    killed_everywhere(
        prepare, lambda showtime: hold_for(guest, showtime, "A2", "A3", now=now), check
    )


def test_killed_while_starting_the_next_attempt_has_the_same_one_intent(stripe_standin, now):
    guest = make_person("Alice")

    def check(reservation, died):
        first = stripe_standin.call("GET", "/v1/payment_intents", limit=100)["data"]
        payment = checkout.start(fresh(reservation), guest, now=now)
        listed = stripe_standin.call("GET", "/v1/payment_intents", limit=100)["data"]
        mine = [one for one in listed if one["metadata"]["reference"] == reservation.reference]
        assert [one["id"] for one in mine] == [payment.intent_id]
        assert len(first) in (len(listed), len(listed) - 1)
        assert fresh(reservation).payment == payment

    killed_everywhere(
        lambda: hold_for(guest, another_showtime(), "A1", now=now),
        lambda reservation: checkout.start(fresh(reservation), guest, now=now),
        check,
    )


def test_killed_while_settling_the_paid_seats_are_sold_and_captured_once(stripe_standin, now):
    guest = make_person("Alice")

    def prepare():
        reservation = start_for(guest, another_showtime(), "A1", "A2", now=now)
        authorise(stripe_standin, reservation)
        return reservation

    def check(reservation, died):
        tidy_up(now=now)
        assert fresh(reservation).state == State.CONFIRMED
        assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 2400

    points = killed_everywhere(prepare, lambda r: checkout.settle(r.pk, now=now, by=TEST), check)
    assert points >= 15
    assert len(stripe_standin.events("charge.captured")) == points + 1
    assert_all_is_well(stripe_standin, now=now)


def test_control_without_housekeeping_something_is_left_undone(stripe_standin, now):
    guest, left = make_person("Alice"), []

    def prepare():
        reservation = start_for(guest, another_showtime(), "A1", "A2", now=now)
        authorise(stripe_standin, reservation)
        return reservation

    def check(reservation, died):
        paid = money_at_stripe(stripe_standin, fresh(reservation).payment)
        left.append((fresh(reservation).state, paid))

    killed_everywhere(prepare, lambda r: checkout.settle(r.pk, now=now, by=TEST), check)
    # Before the seats were pinned, before the money was taken, and after it.
    assert {(State.HELD, 0), (State.PINNED, 0), (State.PINNED, 2400)} <= set(left)
    tidy_up(now=now)
    assert_all_is_well(stripe_standin, now=now)


def test_killed_while_giving_up_lost_seats_nothing_is_charged(stripe_standin, now):
    guest, other = make_person("Alice"), make_person("Bob")
    later = now + housekeeping.LOOK_EVERY * 30

    def prepare():
        showtime = another_showtime()
        reservation = start_for(guest, showtime, "A1", "A2", now=now)
        authorise(stripe_standin, reservation)
        booking.lapse(reservation.pk, now=later, by=TEST)
        hold_as(Holder(guest_id=other.pk), showtime.pk, ["A2"], now=later)
        return reservation

    def check(reservation, died):
        tidy_up(now=later)
        assert fresh(reservation).has_ended
        assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0

    def settle(reservation):
        with pytest.raises(SeatsLost):
            checkout.settle(reservation.pk, now=later, by=TEST)

    killed_everywhere(prepare, settle, check)
    assert_all_is_well(stripe_standin, now=later)


@pytest.mark.parametrize("paid", [True, False])
def test_killed_while_cancelling_it_is_a_sale_or_paid_back_once(stripe_standin, now, paid):
    guest = make_person("Alice")
    prepare = functools.partial(book_for, stripe_standin) if paid else start_for

    def check(reservation, died):
        tidy_up(now=now)
        found = fresh(reservation)
        kept = found.amount if found.state == State.CONFIRMED else 0
        assert found.state in (State.CONFIRMED if paid else State.HELD, State.CANCELLED)
        assert money_at_stripe(stripe_standin, found.payment) == kept
        assert (
            checkout.cancel(found, now=now, by=Actor.rule("again")).reservation.state
            == State.CANCELLED
        )
        assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0

    killed_everywhere(
        lambda: prepare(guest, another_showtime(), "A1", now=now),
        lambda reservation: checkout.cancel(fresh(reservation), now=now, by=TEST),
        check,
    )
    assert_all_is_well(stripe_standin, now=now)


def test_killed_while_giving_seats_back_all_of_it_is_done_or_none(stripe_standin, now):
    guest = make_person("Alice")

    def check(reservation, died):
        tidy_up(now=now)
        found = fresh(reservation)
        assert found.is_confirmed
        assert (found.amount, found.labels) in ((3600, ["A1", "A2", "A3"]), (1200, ["A3"]))
        assert money_at_stripe(stripe_standin, found.payment) == found.amount
        # Whoever asks again, because the answer never came, is paid back once.
        for _time in range(2):
            checkout.cancel(fresh(reservation), ["A1", "A2"], now=now, by=Actor.rule("again"))
        assert fresh(reservation).labels == ["A3"]
        assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 1200

    points = killed_everywhere(
        lambda: book_for(stripe_standin, guest, another_showtime(), "A1", "A2", "A3", now=now),
        lambda made: checkout.cancel(fresh(made), ["A1", "A2"], now=now, by=TEST),
        check,
    )
    assert points >= 12
    assert len(stripe_standin.events("charge.refunded")) == points + 1
    assert_all_is_well(stripe_standin, now=now)


def test_killed_while_giving_the_last_seats_back_the_money_is_where_the_seats_are(
    stripe_standin, now
):
    guest = make_person("Alice")

    def prepare():
        made = book_for(stripe_standin, guest, another_showtime(), "A1", "A2", now=now)
        checkout.cancel(made, ["A1"], now=now, by=TEST)
        return made

    def check(reservation, died):
        tidy_up(now=now)
        found = fresh(reservation)
        kept = found.amount if found.is_confirmed else 0
        assert money_at_stripe(stripe_standin, found.payment) == kept
        checkout.cancel(found, ["A2"], now=now, by=Actor.rule("again"))
        assert fresh(reservation).state == State.CANCELLED
        assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0

    killed_everywhere(
        prepare,
        lambda made: checkout.cancel(fresh(made), ["A2"], now=now, by=TEST),
        check,
    )
    assert_all_is_well(stripe_standin, now=now)


def test_housekeeping_killed_anywhere_is_finished_by_the_next(stripe_standin, now):
    """One hold that is over, one that was paid without our hearing of it, one refund that waits."""
    over = now + housekeeping.LOOK_EVERY * 30
    guests = [make_person(name) for name in ("Alice", "Bob", "Carol")]

    def prepare():
        showtime = another_showtime()
        lapsing, paid, refunded = (
            start_for(guest, showtime, seat, now=now)
            for guest, seat in zip(guests, ("A1", "A2", "A3"), strict=True)
        )
        for reservation in (paid, refunded):
            authorise(stripe_standin, reservation)
        checkout.settle(refunded.pk, now=now, by=TEST)
        cancellation._cancel(
            refunded.pk, None, now=now, by=Actor.rule("killed before"), despite_cutoff=False
        )
        return lapsing, paid, refunded

    def check(made, died):
        tidy_up(now=over)
        lapsing, paid, refunded = map(fresh, made)
        assert (lapsing.state, paid.state) == (State.LAPSED, State.CONFIRMED)
        assert [money_at_stripe(stripe_standin, r.payment) for r in (lapsing, paid, refunded)] == [
            0,
            1200,
            0,
        ]

    # What it calls is killed everywhere above: here it is enough to end between two of them.
    killed_everywhere(prepare, lambda made: housekeeping.tidy(now=over), check, every=5)
    assert_all_is_well(stripe_standin, now=over)
