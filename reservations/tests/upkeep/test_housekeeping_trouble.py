"""Housekeeping with Stripe away, by two at once, and not at all for a day."""

import functools
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, alice, bob, make_person
from payments import gateway
from payments.models import Payment, Refund, RefundStatus
from reservations import booking, checkout
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.aftermath import assert_all_is_well, money_at_stripe, tidy_up
from reservations.tests.crowd import at_once
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from reservations.tests.points import before_point, die
from reservations.upkeep import housekeeping
from showtimes.models import ShowtimeState
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

SOON = timedelta(minutes=1)
LATER = timedelta(minutes=11)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def house(stripe_standin, now):
    """Some of everything that waits: paid and not heard of, over, to be let go, to be paid back."""
    showtime = make_showtime()
    names = ("Paid", "Paying", "Over", "Gone", "Refunded")
    paid, paying, over, gone, refunded = (
        start_for(make_person(name), showtime, f"A{n}", now=now) for n, name in enumerate(names, 1)
    )
    for reservation in (paid, paying, refunded):
        authorise(stripe_standin, reservation)
    booking.pin(paying.pk, now=now, by=TEST)
    booking.release(gone.pk, now=now, by=TEST)
    checkout.settle(refunded.pk, now=now, by=TEST)
    stripe_standin.fault("POST /v1/refunds", "error")
    checkout.cancel(fresh(refunded), now=now, by=TEST)
    stripe_standin.clear_faults()
    return {"paid": paid, "paying": paying, "over": over, "gone": gone, "refunded": refunded}


def fresh(reservation):
    return Reservation.objects.select_related("payment").get(pk=reservation.pk)


def states(house):
    return {name: fresh(reservation).state for name, reservation in house.items()}


ALL_IS_DONE = {
    "paid": State.CONFIRMED,
    "paying": State.CONFIRMED,
    "over": State.LAPSED,
    "gone": State.CANCELLED,
    "refunded": State.CANCELLED,
}


def test_one_round_of_housekeeping_is_enough_for_all_of_it(stripe_standin, house, now):
    housekeeping.tidy(now=now + LATER)
    assert states(house) == ALL_IS_DONE
    assert_all_is_well(stripe_standin, now=now + LATER)


@pytest.mark.parametrize("trouble", ["error", "cut", "away"])
def test_with_stripe_away_for_a_round_all_of_it_waits_for_the_next(
    stripe_standin, house, now, settings, trouble
):
    before = states(house)
    if trouble == "away":
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    else:
        stripe_standin.fault("* /v1/**", trouble)
    housekeeping.tidy(now=now + SOON)
    assert states(house) == before
    assert Refund.objects.get().status == RefundStatus.DUE
    stripe_standin.clear_faults()
    settings.STRIPE_API_BASE = stripe_standin.url
    tidy_up(now=now + LATER)
    assert states(house) == ALL_IS_DONE
    assert_all_is_well(stripe_standin, now=now + LATER)


def test_a_stripe_that_hangs_costs_a_few_time_outs_and_not_one_for_each(
    stripe_standin, now, settings
):
    showtime = make_showtime()
    for n in range(1, 11):
        start_for(make_person(f"Guest{n}"), showtime, f"A{n}", now=now)
    for reservation in Reservation.objects.all()[:5]:
        booking.release(reservation.pk, now=now, by=TEST)
    settings.STRIPE_TIMEOUT_SECONDS = 0.2
    gateway._client.cache_clear()
    stripe_standin.fault("* /v1/**", "hang")
    with before_point(0, die) as steps:
        housekeeping.tidy(now=now + LATER)
    stripe_standin.clear_faults()
    gateway._client.cache_clear()
    # Three of the steps ask, each some times, twice because the SDK repeats; not for all of them.
    asked = [step for step in steps if "/v1/" in step and not step.startswith("answered")]
    assert len(asked) <= 3 * housekeeping.AWAY * 2 < 10 * 3 * 2


def test_two_at_once_do_everything_once(stripe_standin, house, now):
    tidy = functools.partial(housekeeping.tidy, now=now + LATER)
    answers = at_once([tidy] * 4)
    assert all(isinstance(answer, housekeeping.Report) for answer in answers), answers
    tidy_up(now=now + LATER)
    assert states(house) == ALL_IS_DONE
    assert len(stripe_standin.events("charge.captured")) == 3
    assert len(stripe_standin.events("refund.created")) == 1
    assert_all_is_well(stripe_standin, now=now + LATER)


def test_two_at_once_pay_the_guests_of_a_cancelled_showtime_back_once(stripe_standin, now):
    showtime = make_showtime()
    for n in range(1, 6):
        book_for(stripe_standin, make_person(f"Guest{n}"), showtime, f"A{n}", now=now)
    showtime.state = ShowtimeState.CANCELLED
    showtime.save()
    stripe_standin.fault("POST /v1/refunds", "error", after=True, times=3)
    at_once([functools.partial(housekeeping.tidy, now=now + SOON)] * 3)
    tidy_up(now=now + SOON)
    ended = list(Refund.objects.values_list("status", "attempts", "failure_reason"))
    assert [status for status, *_more in ended] == [RefundStatus.SUCCEEDED] * 5, ended
    assert len(stripe_standin.call("GET", "/v1/refunds", limit=100)["data"]) == 5
    assert_all_is_well(stripe_standin, now=now + SOON)


def test_housekeeping_against_guests_who_pay_and_cancel_in_the_same_moment(stripe_standin, now):
    showtime = make_showtime()
    paying = start_for(alice(), showtime, "A1", now=now)
    cancelling = start_for(bob(), showtime, "A2", now=now)
    for reservation in (paying, cancelling):
        authorise(stripe_standin, reservation)
    answers = at_once(
        [
            functools.partial(housekeeping.tidy, now=now + LATER),
            functools.partial(checkout.settle, paying.pk, now=now + LATER, by=Actor.guest(1)),
            functools.partial(housekeeping.tidy, now=now + LATER),
            functools.partial(
                checkout.cancel, fresh(cancelling), now=now + LATER, by=Actor.guest(1)
            ),
        ]
    )
    assert fresh(paying).state == State.CONFIRMED, answers
    tidy_up(now=now + LATER)
    assert_all_is_well(stripe_standin, now=now + LATER)


def test_a_day_without_it_loses_no_sale_and_no_seat(stripe_standin, now):
    showtime = make_showtime(starts_at=now + timedelta(days=3))
    forgotten = start_for(alice(), showtime, "A1", "A2", now=now)
    paid = start_for(bob(), showtime, "A3", now=now)
    authorise(stripe_standin, paid)
    tomorrow = now + timedelta(days=1)
    carol = make_person("Carol")
    # The hold has ended by itself, and who paid in time is still the one who gets the seat.
    assert hold_for(carol, showtime, "A1", now=tomorrow).state == State.HELD
    assert (
        checkout.settle(paid.pk, now=tomorrow, by=Actor.rule("return page")).state
        == State.CONFIRMED
    )
    assert fresh(forgotten).state == State.LAPSED
    tidy_up(now=tomorrow)
    assert {claim.label for claim in ReservedSeat.objects.live()} == {"A1", "A3"}
    assert_all_is_well(stripe_standin, now=tomorrow)


def test_one_that_fails_in_a_way_nobody_thought_of_keeps_no_other_waiting(
    stripe_standin, now, caplog
):
    """Stripe says that it took more than was asked: our database refuses to write that down."""
    showtime = make_showtime()
    odd = start_for(alice(), showtime, "A1", now=now)
    other = start_for(bob(), showtime, "A2", now=now)
    stripe_standin.call("POST", f"/v1/payment_intents/{odd.payment.intent_id}", amount=999_999)
    authorise(stripe_standin, odd)
    stripe_standin.call("POST", f"/v1/payment_intents/{odd.payment.intent_id}/capture")
    authorise(stripe_standin, other)
    housekeeping.tidy(now=now + SOON)
    assert fresh(other).state == State.CONFIRMED
    assert "could not finish" in caplog.text


def test_the_command_says_what_it_did(stripe_standin, now):
    hold_for(alice(), make_showtime(), "A1", now=now - LATER)
    out = StringIO()
    call_command("housekeeping", stdout=out)
    assert out.getvalue() == "holds lapsed 1\n"
    out = StringIO()
    call_command("housekeeping", stdout=out)
    assert out.getvalue() == "nothing to do\n"


def test_money_is_where_the_seats_are_when_the_house_is_tidy(stripe_standin, house, now):
    tidy_up(now=now + LATER)
    kept = {name: money_at_stripe(stripe_standin, fresh(r).payment) for name, r in house.items()}
    assert kept == {"paid": 1200, "paying": 1200, "over": 0, "gone": 0, "refunded": 0}
    assert Payment.objects.open().count() == 0
