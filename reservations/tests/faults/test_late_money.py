"""Money that comes late, or meets something else on its way: a seat or nothing, and never both."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, alice, make_person
from movies.tests.factories import make_movie
from payments.models import Refund, RefundStatus
from reservations import booking, checkout
from reservations.booking import merge
from reservations.booking.holder import Holder
from reservations.checkout import refunding
from reservations.errors import BlockedSeats, SalesClosed, SeatsLost
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.aftermath import assert_all_is_well, money_at_stripe, tidy_up
from reservations.tests.factories import authorise, book_for, hold_as, hold_for, start_for
from reservations.tests.points import Killed, before_point, die
from reservations.upkeep import housekeeping
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.seat_plan import recount
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(minutes=11)


def fresh(reservation):
    return Reservation.objects.select_related("payment").get(pk=reservation.pk)


def settle(reservation, now):
    return checkout.settle(reservation.pk, now=now, by=TEST)


def capture_by_hand(stripe, reservation):
    stripe.call("POST", f"/v1/payment_intents/{reservation.payment.intent_id}/capture")


def test_a_sale_made_while_its_lapsed_intent_was_let_go_is_not_paid_back(stripe_standin):
    """Housekeeping is about to cancel the intent; in that moment the guest pays and gets it."""
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    booking.lapse(reservation.pk, now=now + LATER, by=Actor.rule("time over"))
    authorise(stripe_standin, reservation)

    def pay():
        settle(reservation, now + LATER)

    lapsed = fresh(reservation)
    with before_point(1, pay, idle=True) as steps:
        checkout.cancel_intent(lapsed, now=now + LATER)
    assert steps[0].endswith("/cancel")
    assert fresh(reservation).state == State.CONFIRMED
    assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 1200
    assert not Refund.objects.exists()


def test_control_without_the_second_look_it_would_be_sold_and_paid_back(
    stripe_standin, monkeypatch
):
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    booking.lapse(reservation.pk, now=now + LATER, by=Actor.rule("time over"))
    authorise(stripe_standin, reservation)
    monkeypatch.setattr(refunding, "ENDED", tuple(State))
    lapsed = fresh(reservation)

    def pay():
        settle(reservation, now + LATER)

    with before_point(1, pay, idle=True):
        checkout.cancel_intent(lapsed, now=now + LATER)
    assert fresh(reservation).state == State.CONFIRMED
    assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0


def test_money_that_went_back_buys_no_seat_any_more(stripe_standin):
    """Captured by hand in Stripe's dashboard after the lapse: paid back, and that is the end."""
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    booking.lapse(reservation.pk, now=now + LATER, by=Actor.rule("time over"))
    authorise(stripe_standin, reservation)
    capture_by_hand(stripe_standin, reservation)
    checkout.cancel_intent(fresh(reservation), now=now + LATER)
    assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0
    with pytest.raises(SeatsLost):
        settle(reservation, now + LATER)
    assert fresh(reservation).state == State.LAPSED
    assert_all_is_well(stripe_standin, now=now + LATER)


def test_money_captured_for_nothing_goes_back_although_whoever_saw_it_died(stripe_standin):
    now = timezone.now()
    for number in range(1, 30):
        showtime = make_showtime_number(number)
        reservation = start_for(person(number), showtime, "A1", now=now)
        authorise(stripe_standin, reservation)
        booking.release(reservation.pk, now=now, by=TEST)
        capture_by_hand(stripe_standin, reservation)
        try:
            with before_point(number, die):
                checkout.cancel_intent(fresh(reservation), now=now)
        except Killed:
            tidy_up(now=now)
            assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0
        else:
            break
    assert number > 8
    assert_all_is_well(stripe_standin, now=now)


def test_nobody_is_charged_for_a_showtime_that_has_begun(stripe_standin):
    """Housekeeping did not run, so the hold still stands by the record when the money comes."""
    now, showtime = timezone.now(), make_showtime()
    reservation = start_for(alice(), showtime, "A1", now=now)
    authorise(stripe_standin, reservation)
    with pytest.raises(SeatsLost):
        settle(reservation, showtime.starts_at + timedelta(hours=3))
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)


def test_who_holds_seats_when_the_showtime_begins_may_still_pay_in_time(stripe_standin):
    showtime = make_showtime()
    shortly_before = showtime.starts_at - timedelta(minutes=3)
    reservation = start_for(alice(), showtime, "A1", now=shortly_before)
    authorise(stripe_standin, reservation)
    sold = settle(reservation, showtime.starts_at + timedelta(minutes=5))
    assert sold.state == State.CONFIRMED


def test_a_refund_that_stripe_refuses_twice_is_a_managers_business_and_no_error(stripe_standin):
    now = timezone.now()
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", now=now)
    stripe_standin.fault("POST /v1/refunds", "refuse")
    checkout.cancel(fresh(reservation), now=now, by=TEST)
    for _again in range(3):
        with pytest.raises(SeatsLost):
            settle(reservation, now)
        housekeeping.tidy(now=now + LATER)
    statuses = list(Refund.objects.values_list("status", flat=True))
    assert statuses == [RefundStatus.FAILED] * 2  # the promised one, and one more try
    assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 1200


def test_a_hold_that_was_over_is_adopted_without_touching_the_guests_new_one():
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    over = hold_as(Holder(visitor="v" * 43), showtime.pk, ["A1"], now=now)
    booking.lapse(over.pk, now=now + LATER, by=Actor.rule("time over"))
    newer = hold_for(guest, showtime, "A2", now=now + LATER)
    merge.merge("v" * 43, over.reference, guest.pk, now=now + LATER)
    assert fresh(newer).state == State.HELD


def test_a_showtime_moved_between_look_and_claim_is_looked_at_again():
    """The seats were looked up in an auditorium in which it is not shown any more."""
    showtime, other = make_showtime(), make_auditorium("Two", plan="A  ss")
    guest, now = alice(), timezone.now()

    def move():
        Showtime.objects.filter(pk=showtime.pk).update(auditorium=other)

    with before_point(3, move, idle=True) as steps:
        reservation = hold_for(guest, showtime, "A1", now=now)
    assert len(steps) > 3
    assert {claim.seat.auditorium for claim in reservation.seats.all()} == {other}


def test_seats_put_out_of_order_between_look_and_claim_are_not_sold():
    showtime, guest = make_showtime(), alice()

    def put_out_of_order():
        Seat.objects.filter(row="A", number=1).update(out_of_order=True)
        recount(showtime.auditorium)

    with before_point(3, put_out_of_order, idle=True), pytest.raises(BlockedSeats):
        hold_for(guest, showtime, "A1", now=timezone.now())
    assert not ReservedSeat.objects.exists()


def test_a_showtime_called_off_between_look_and_claim_sells_nothing():
    showtime, guest = make_showtime(), alice()

    def call_off():
        Showtime.objects.filter(pk=showtime.pk).update(state=ShowtimeState.CANCELLED)

    with before_point(3, call_off, idle=True), pytest.raises(SalesClosed):
        hold_for(guest, showtime, "A1", now=timezone.now())
    assert not ReservedSeat.objects.exists()


def test_a_hold_whose_commit_was_not_heard_of_is_found_again(monkeypatch):
    """2013 at COMMIT says nothing: who asks again gets the hold that is there."""
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    commit = connection.commit

    def lost():
        commit()
        monkeypatch.undo()
        raise OperationalError(2013, "Lost connection during query")

    monkeypatch.setattr(connection, "commit", lost)
    with pytest.raises(OperationalError):
        hold_for(guest, showtime, "A1", now=now)
    connection.close()
    again = hold_for(guest, showtime, "A1", now=now)
    assert Reservation.objects.get() == again


def person(number):
    return make_person(f"Guest{number}")


def make_showtime_number(number):
    room = make_auditorium(f"Room {number}", plan="A  ss")
    return make_showtime(movie=make_movie(f"Movie {number}"), auditorium=room)
