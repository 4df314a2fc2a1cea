"""Every step of housekeeping alone: what it tidies up, what it leaves, what happens when Stripe is
away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import TEST, alice, bob, make_person
from payments.models import IntentStatus, Payment, Refund, RefundStatus, WebhookEvent
from reservations import booking, checkout
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.aftermath import assert_all_is_well, money_at_stripe, tidy_up
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from reservations.upkeep import housekeeping
from showtimes.models import ShowtimeState
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=1)
LATER = timedelta(minutes=11)
NOTHING = {"events handled": 0, "payments settled": 0, "holds lapsed": 0, "intents cancelled": 0,
           "refunds followed": 0, "showtimes cancelled": 0}  # fmt: skip


@pytest.fixture
def now():
    return timezone.now()


def tidy(now, **expected):
    """One round; it must have done what is expected, and nothing else."""
    done = housekeeping.tidy(now=now).done
    assert done == NOTHING | {name.replace("_", " "): n for name, n in expected.items()}


def fresh(reservation):
    return Reservation.objects.select_related("payment").get(pk=reservation.pk)


def calls(stripe):
    return [f"{call['method']} {call['path']}" for call in stripe.calls()]


def test_where_nothing_waits_nothing_is_done(stripe_standin, now):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1", now=now)
    hold_for(bob(), showtime, "A2", now=now)
    before = calls(stripe_standin)
    tidy(now + SOON)
    assert calls(stripe_standin) == before
    assert str(housekeeping.tidy(now=now)) == "nothing to do"


# Holds


def test_a_hold_that_is_over_lapses_and_one_that_is_not_stays(now):
    showtime = make_showtime()
    over = hold_for(alice(), showtime, "A1", now=now - LATER)
    held = hold_for(bob(), showtime, "A2", now=now)
    tidy(now, holds_lapsed=1)
    assert (fresh(over).state, fresh(held).state) == (State.LAPSED, State.HELD)
    assert {claim.label for claim in ReservedSeat.objects.live()} == {"A2"}


def test_a_hold_that_is_over_and_was_paid_for_meanwhile_is_sold(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    tidy(now + LATER, payments_settled=1)
    assert fresh(reservation).state == State.CONFIRMED


def test_an_unpaid_hold_that_is_over_lapses_and_its_intent_is_let_go(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    tidy(now + LATER, payments_settled=1, holds_lapsed=1, intents_cancelled=1)
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


# Payments


def test_a_payment_whose_message_was_lost_is_found_and_settled(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    tidy(now + SOON, payments_settled=1)
    assert fresh(reservation).state == State.CONFIRMED


def test_young_work_is_left_to_whoever_began_it(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    booking.pin(reservation.pk, now=now, by=Actor.rule("a worker that is just capturing"))
    tidy(now + timedelta(seconds=5))
    tidy(now + timedelta(seconds=16), payments_settled=1)
    assert fresh(reservation).state == State.CONFIRMED


def test_an_authorisation_that_came_a_moment_too_late_still_buys_free_seats(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    booking.lapse(reservation.pk, now=now + LATER, by=TEST)
    authorise(stripe_standin, reservation)
    # We had heard of it, and then nothing more.
    Payment.objects.update(status=IntentStatus.REQUIRES_CAPTURE)
    tidy(now + LATER + SOON, intents_cancelled=1)
    assert fresh(reservation).state == State.CONFIRMED


def test_the_intent_of_a_replaced_hold_is_let_go(stripe_standin, now):
    guest, showtime = alice(), make_showtime()
    replaced = start_for(guest, showtime, "A1", now=now)
    hold_for(guest, showtime, "A2", now=now)
    tidy(now + SOON, intents_cancelled=1)
    assert stripe_standin.intent(replaced.payment.intent_id)["status"] == "canceled"
    tidy(now + SOON * 2)


# Messages


def test_a_message_that_could_not_be_handled_is_handled_once(stripe_standin, now):
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    event = WebhookEvent.objects.create(
        event_id="evt_1",
        type="payment_intent.amount_capturable_updated",
        intent_id=reservation.payment.intent_id,
        received_at=now,
    )
    tidy(now + timedelta(seconds=5))  # its own worker may be at it
    tidy(now + SOON, events_handled=1)
    event.refresh_from_db()
    assert event.handled_at == now + SOON
    assert fresh(reservation).history.last().by == "webhook evt_1"
    tidy(now + SOON * 2)


def test_a_message_about_nothing_of_ours_is_ticked_off(now):
    WebhookEvent.objects.create(
        event_id="evt_1", type="payment_intent.succeeded", intent_id="pi_other", received_at=now
    )
    tidy(now + SOON, events_handled=1)
    tidy(now + SOON * 2)


# Refunds


def test_a_refund_that_waits_is_paid(stripe_standin, now):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", now=now)
    stripe_standin.fault("POST /v1/refunds", "error")
    checkout.cancel(fresh(reservation), now=now, by=TEST)
    stripe_standin.clear_faults()
    tidy(now + timedelta(seconds=5))
    tidy(now + SOON, refunds_followed=1)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert money_at_stripe(stripe_standin, fresh(reservation).payment) == 0
    tidy(now + SOON * 2)


@pytest.mark.parametrize(
    ("decided", "status"), [("succeeded", RefundStatus.SUCCEEDED), ("failed", RefundStatus.FAILED)]
)
def test_a_refund_that_is_pending_is_followed_to_its_end(stripe_standin, now, decided, status):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", now=now)
    stripe_standin.fault("POST /v1/refunds", "refund_pending")
    refund = checkout.cancel(fresh(reservation), now=now, by=TEST).refund
    assert refund.status == RefundStatus.PENDING
    stripe_standin.decide(refund.refund_id, decided)
    tidy(now + SOON)  # not asked about at every round
    tidy(now + LATER, refunds_followed=1)
    assert Refund.objects.get().status == status
    tidy(now + LATER * 2)


def test_a_refund_that_was_refused_is_not_asked_for_for_ever(stripe_standin, now):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", now=now)
    stripe_standin.fault("POST /v1/refunds", "refuse")
    checkout.cancel(fresh(reservation), now=now, by=TEST)
    tidy(now + LATER)
    assert Refund.objects.get().status == RefundStatus.FAILED


# Showtimes


def test_a_cancelled_showtime_pays_everybody_back_once(stripe_standin, now):
    showtime = make_showtime()
    sold = [
        book_for(stripe_standin, make_person(f"Guest{n}"), showtime, f"A{n}", now=now)
        for n in range(1, 4)
    ]
    held = start_for(alice(), showtime, "A9", now=now)
    paying = start_for(bob(), showtime, "A10", now=now)
    authorise(stripe_standin, paying)
    showtime.state = ShowtimeState.CANCELLED
    showtime.save()
    tidy_up(now=now)
    assert {fresh(one).state for one in (*sold, held, paying)} == {State.CANCELLED}
    assert sorted(refund.amount for refund in Refund.objects.all()) == [1200] * 3
    assert not ReservedSeat.objects.live().exists()
    assert_all_is_well(stripe_standin, now=now)


def test_a_cancelled_showtime_is_paid_back_also_after_its_start(stripe_standin, now):
    showtime = make_showtime()
    sold = book_for(stripe_standin, alice(), showtime, "A1", now=now)
    showtime.state = ShowtimeState.CANCELLED
    showtime.save()
    tidy(showtime.starts_at + SOON, showtimes_cancelled=1)
    assert money_at_stripe(stripe_standin, fresh(sold).payment) == 0


# Size and order


def test_what_is_more_than_a_batch_is_done_by_the_next_rounds(now, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    showtime = make_showtime()
    for n in range(1, 6):
        hold_for(make_person(f"Guest{n}"), showtime, f"A{n}", now=now - LATER)
    for done in (2, 2, 1):
        tidy(now, holds_lapsed=done)
    tidy(now)


def test_what_cannot_be_done_does_not_keep_the_others_waiting(stripe_standin, now, monkeypatch):
    """Of two intents Stripe does not know one; the batch is so small that it could block."""
    monkeypatch.setattr(housekeeping, "BATCH", 1)
    showtime = make_showtime()
    lost = start_for(alice(), showtime, "A1", now=now)
    other = start_for(bob(), showtime, "A2", now=now)
    Payment.objects.filter(pk=lost.payment_id).update(intent_id="pi_unknown")
    for reservation in (lost, other):
        booking.release(reservation.pk, now=now, by=TEST)
    for n in range(1, 5):
        housekeeping.tidy(now=now + SOON * n)
    assert stripe_standin.intent(other.payment.intent_id)["status"] == "canceled"
