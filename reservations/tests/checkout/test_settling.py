"""Money and seats meet: whatever comes first, late, twice or never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from payments.models import IntentStatus, Payment
from reservations import booking, checkout
from reservations.errors import (
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SeatsLost,
    StillDeciding,
    UnknownReservation,
)
from reservations.models import ReservedSeat, State
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.models import ShowtimeState
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def settle(reservation, *, now=None):
    return checkout.settle(reservation.pk, now=now or timezone.now(), by=TEST)


def test_an_authorised_card_is_captured_and_the_seats_are_sold(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1", "A2")
    authorise(stripe_standin, reservation)
    sold = settle(reservation)
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 2400)
    assert sold.state == State.CONFIRMED
    assert [(h.from_state, h.to_state) for h in sold.history.all()] == [
        ("held", "pinned"),
        ("pinned", "confirmed"),
    ]


def test_settling_twice_is_settling_once(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    assert settle(reservation).state == State.CONFIRMED
    assert reservation.history.count() == 2


def test_nobody_is_confirmed_unpaid(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    with pytest.raises(PaymentIncomplete):
        settle(reservation)
    reservation.refresh_from_db()
    assert reservation.state == State.HELD


def test_a_declined_card_keeps_the_seats(stripe_standin):
    from tools.standin.process import Refused

    reservation = start_for(alice(), make_showtime(), "A1")
    with pytest.raises(Refused):
        authorise(stripe_standin, reservation, "pm_card_chargeDeclined")
    with pytest.raises(PaymentIncomplete):
        settle(reservation)
    assert reservation.seats.live().count() == 1
    authorise(stripe_standin, reservation)
    assert settle(reservation).state == State.CONFIRMED


def test_why_a_card_was_declined_is_recorded(stripe_standin):
    from tools.standin.process import Refused

    reservation = start_for(alice(), make_showtime(), "A1")
    with pytest.raises(Refused):
        authorise(stripe_standin, reservation, "pm_card_chargeDeclined")
    with pytest.raises(PaymentIncomplete):
        settle(reservation)
    assert Payment.objects.get().last_error


def test_what_is_not_there_is_not_settled_and_what_has_no_intent_is_not_paid():
    with pytest.raises(UnknownReservation):
        checkout.settle(1, now=timezone.now(), by=TEST)
    with pytest.raises(PaymentIncomplete):
        settle(hold_for(alice(), make_showtime(), "A1"))


def test_late_money_is_recorded_before_anybody_knows_whether_it_was_taken(stripe_standin):
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "error")
    with pytest.raises(StillDeciding):
        settle(reservation, now=now + timedelta(minutes=30))
    assert Payment.objects.get().status == IntentStatus.REQUIRES_CAPTURE


def test_money_that_comes_after_the_hold_is_over_still_buys_seats_nobody_took(stripe_standin):
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    assert settle(reservation, now=now + timedelta(minutes=30)).state == State.CONFIRMED


def test_money_that_comes_after_the_lapse_takes_the_same_seats_if_they_are_free(stripe_standin):
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", "A2", now=now)
    booking.lapse(reservation.pk, now=now + timedelta(minutes=11), by=TEST)
    assert not ReservedSeat.objects.live().exists()
    authorise(stripe_standin, reservation)
    assert settle(reservation, now=now + timedelta(minutes=12)).state == State.CONFIRMED
    assert ReservedSeat.objects.live().count() == 2


def test_money_for_seats_that_are_gone_is_never_taken(stripe_standin):
    now, showtime = timezone.now(), make_showtime()
    reservation = start_for(alice(), showtime, "A1", "A2", now=now)
    later = now + timedelta(minutes=11)
    hold_for(bob(), showtime, "A2", now=later)
    authorise(stripe_standin, reservation)
    with pytest.raises(SeatsLost):
        settle(reservation, now=later)
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)
    # A half reservation is none: A1 stays free although nobody took it.
    assert {s.label for s in ReservedSeat.objects.live()} == {"A2"}


def test_money_for_a_showtime_that_was_cancelled_is_never_taken(stripe_standin):
    showtime = make_showtime()
    reservation = start_for(alice(), showtime, "A1")
    authorise(stripe_standin, reservation)
    showtime.state = ShowtimeState.CANCELLED
    showtime.save()
    with pytest.raises(SeatsLost):
        settle(reservation)
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


def test_a_cancelled_hold_is_not_revived_by_money(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    booking.release(reservation.pk, now=timezone.now(), by=TEST)
    authorise(stripe_standin, reservation)
    with pytest.raises(SeatsLost):
        settle(reservation)
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


def test_a_refused_capture_frees_the_seats(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "refuse")
    with pytest.raises(PaymentFailed):
        settle(reservation)
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert not ReservedSeat.objects.live().exists()
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


@pytest.mark.parametrize("after", [False, True])
def test_a_capture_nobody_knows_the_end_of_keeps_the_seats_and_ends_well(stripe_standin, after):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "error", after=after)
    with pytest.raises(StillDeciding):
        settle(reservation)
    reservation.refresh_from_db()
    assert reservation.state == State.PINNED
    # A pinned seat outlasts its hold.
    with pytest.raises(Exception, match="somebody else"):
        hold_for(bob(), reservation.showtime, "A1", now=timezone.now() + timedelta(hours=1))
    stripe_standin.clear_faults()
    assert settle(reservation).state == State.CONFIRMED
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 1200)


@pytest.mark.parametrize("tampering", [{"amount": 100}, {"metadata[reference]": "SOMEBODYSX"}])
def test_an_intent_that_is_not_what_we_asked_for_is_let_go(stripe_standin, tampering):
    reservation = start_for(alice(), make_showtime(), "A1")
    intent_id = reservation.payment.intent_id
    stripe_standin.call("POST", f"/v1/payment_intents/{intent_id}", **tampering)
    authorise(stripe_standin, reservation)
    with pytest.raises(PaymentMismatch):
        settle(reservation)
    assert stripe_standin.intent(intent_id)["status"] == "canceled"
    assert not ReservedSeat.objects.live().exists()


def test_an_answer_that_was_overtaken_never_undoes_a_final_status(stripe_standin):
    from payments import gateway, intents

    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    stale = gateway.retrieve(reservation.payment.intent_id)
    settle(reservation)
    intents.record(reservation.payment, stale, now=timezone.now())
    assert Payment.objects.get().status == IntentStatus.SUCCEEDED


def test_the_price_of_the_hold_is_paid_though_it_has_changed(stripe_standin):
    showtime = make_showtime()
    reservation = start_for(alice(), showtime, "A1")
    showtime.prices = {"standard": 9900}
    showtime.save()
    authorise(stripe_standin, reservation)
    settle(reservation)
    assert stripe_standin.intent(reservation.payment.intent_id)["amount_received"] == 1200
