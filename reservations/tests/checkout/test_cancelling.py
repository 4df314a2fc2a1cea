"""Calling it off: unpaid at any time, paid before the cut-off, and one refund however often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from payments.models import RefundStatus
from reservations import checkout
from reservations.checkout.refunding import submit
from reservations.errors import ShowtimeStarted
from reservations.models import ReservedSeat, State
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def cancel(reservation, *, now=None, **options):
    return checkout.cancel(reservation, now=now or timezone.now(), by=TEST, **options)


def refunds_at(stripe, reservation):
    listed = stripe.call("GET", "/v1/refunds", payment_intent=reservation.payment.intent_id)
    return [(refund["amount"], refund["status"]) for refund in listed["data"]]


def test_a_cancelled_sale_frees_the_seats_and_pays_back_once(stripe_standin):
    showtime = make_showtime()
    reservation = book_for(stripe_standin, alice(), showtime, "A1", "A2")
    first, second = cancel(reservation), cancel(reservation)
    assert first.reservation.state == second.reservation.state == State.CANCELLED
    assert first.refund == second.refund
    assert refunds_at(stripe_standin, reservation) == [(2400, "succeeded")]
    assert hold_for(bob(), showtime, "A1", "A2").state == State.HELD


def test_a_cancelled_hold_costs_nothing_and_lets_its_intent_go(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    cancelled = cancel(reservation)
    assert (cancelled.reservation.state, cancelled.refund) == (State.CANCELLED, None)
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"
    assert not ReservedSeat.objects.live().exists()


def test_an_authorised_hold_is_cancelled_without_a_charge(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    cancel(reservation)
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)


def test_after_the_cut_off_a_sale_stays_a_sale(stripe_standin):
    showtime = make_showtime()
    reservation = book_for(stripe_standin, alice(), showtime, "A1")
    with pytest.raises(ShowtimeStarted):
        cancel(reservation, now=showtime.starts_at)
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED
    assert refunds_at(stripe_standin, reservation) == []


def test_the_last_moment_before_the_cut_off_is_early_enough(stripe_standin):
    showtime = make_showtime()
    reservation = book_for(stripe_standin, alice(), showtime, "A1")
    in_time = showtime.starts_at - timedelta(microseconds=1)
    assert cancel(reservation, now=in_time).reservation.state == State.CANCELLED


def test_a_refund_that_stripe_cannot_take_now_stays_due_and_is_repeated(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    stripe_standin.fault("POST /v1/refunds", "error")
    refund = cancel(reservation).refund
    assert refund.status == RefundStatus.DUE
    stripe_standin.clear_faults()
    assert submit(refund, now=timezone.now()).status == RefundStatus.SUCCEEDED
    assert refunds_at(stripe_standin, reservation) == [(1200, "succeeded")]


def test_a_refund_whose_answer_was_lost_is_not_paid_twice(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    # Stripe repeats to an idempotency key what it once answered, for a day.
    stripe_standin.fault("POST /v1/refunds", "error", after=True, times=1)
    refund = cancel(reservation).refund
    for _attempt in range(4):
        refund = submit(refund, now=timezone.now())
    assert refund.status == RefundStatus.SUCCEEDED
    assert refunds_at(stripe_standin, reservation) == [(1200, "succeeded")]


def test_a_refund_that_stripe_refuses_is_shown_as_failed(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    stripe_standin.fault("POST /v1/refunds", "refuse")
    assert cancel(reservation).refund.status == RefundStatus.FAILED
