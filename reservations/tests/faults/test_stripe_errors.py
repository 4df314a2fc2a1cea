"""Stripe answers with an error, and repeats it: one booking's bad luck is not everybody's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from reservations import checkout
from reservations.models import State
from reservations.tests.factories import authorise, hold_for, start_for
from reservations.upkeep import housekeeping
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("after", [False, True])
def test_an_error_that_stripe_repeats_for_a_day_does_not_keep_a_guest_from_paying(
    stripe_standin, after
):
    guest = alice()
    reservation = hold_for(guest, make_showtime(), "A1")
    stripe_standin.fault("POST /v1/payment_intents", "error", after=after, times=1)
    payment = checkout.start(reservation, guest, now=timezone.now())
    authorise(stripe_standin, reservation)
    sold = checkout.settle(reservation.pk, now=timezone.now(), by=TEST)
    assert sold.state == State.CONFIRMED
    paid = [
        i for i in stripe_standin.call("GET", "/v1/payment_intents")["data"] if i["amount_received"]
    ]
    assert [intent["id"] for intent in paid] == [payment.intent_id]


def test_a_payment_that_stripe_cannot_show_keeps_no_other_waiting(stripe_standin):
    now, showtime = timezone.now(), make_showtime()
    odd = start_for(alice(), showtime, "A1", now=now)
    other = start_for(bob(), showtime, "A2", now=now)
    stripe_standin.fault(f"GET /v1/payment_intents/{odd.payment.intent_id}", "error")
    housekeeping.tidy(now=now + timedelta(minutes=11))
    odd.refresh_from_db()
    other.refresh_from_db()
    assert (odd.state, other.state) == (State.HELD, State.LAPSED)
