"""What Stripe reports ends a booking well without its guest, in whatever order it comes."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.cast import TEST, alice, api_client
from payments.models import Refund, WebhookEvent
from payments.tests.api.test_webhook import signed
from reservations.models import ReservedSeat, State
from reservations.tests.factories import authorise, book_for, start_for
from showtimes.tests.factories import make_showtime
from tools.standin.process import Running

pytestmark = pytest.mark.django_db


def report(event: dict[str, Any]) -> int:
    """Deliver an event as Stripe does; the status of the answer."""
    body = json.dumps(event).encode()
    answer = APIClient().generic(
        "POST", "/payment/webhook", body, content_type="application/json",
        headers={"Stripe-Signature": signed(body)},
    )  # fmt: skip
    return answer.status_code


def authorised_event(stripe: Running) -> dict[str, Any]:
    return stripe.events("payment_intent.amount_capturable_updated")[-1]


def test_a_guest_who_closed_the_browser_has_a_booking(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    assert report(authorised_event(stripe_standin)) == 200
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED
    assert stripe_standin.intent(reservation.payment.intent_id)["amount_received"] == 1200


def test_all_its_events_ten_times_and_backwards_are_one_booking(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    report(authorised_event(stripe_standin))
    events = stripe_standin.events()
    for event in events[::-1] * 10:
        assert report(event) == 200
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED
    assert [step.to_state for step in reservation.history.all()] == ["pinned", "confirmed"]
    assert WebhookEvent.objects.count() == len(events)
    captures = [call for call in stripe_standin.calls() if call["path"].endswith("/capture")]
    assert len(captures) == 1


def test_an_event_says_only_that_something_happened_and_stripe_is_asked_what(stripe_standin):
    """A signed message of a payment that Stripe does not know of sells nothing."""
    reservation = start_for(alice(), make_showtime(), "A1")
    event = stripe_standin.events("payment_intent.created")[-1]
    for livemode in (False, True):
        claim = event["data"]["object"] | {"status": "succeeded", "amount_received": 1200}
        lie = event | {
            "id": f"evt_lie_{livemode}", "type": "payment_intent.succeeded", "livemode": livemode,
            "data": {"object": claim},
        }  # fmt: skip
        assert report(lie) == 200
    reservation.refresh_from_db()
    assert reservation.state == State.HELD


def test_an_event_after_a_cancel_revives_nothing(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    event = authorised_event(stripe_standin)
    reservation.move(State.CANCELLED, at=reservation.created_at, by=TEST)
    ReservedSeat.objects.update(live=None)
    assert report(event) == 200
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


def test_an_event_that_cannot_be_handled_now_is_thanked_and_waits(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    stripe_standin.fault("GET /v1/payment_intents/*", "error")
    event = authorised_event(stripe_standin)
    assert report(event) == 200
    assert WebhookEvent.objects.get().handled_at is None
    stripe_standin.clear_faults()
    assert report(event) == 200
    assert WebhookEvent.objects.get().handled_at is not None
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


def test_an_event_of_somebody_elses_intent_is_thanked_and_touches_nothing(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    stripe_standin.call("POST", "/v1/payment_intents", amount=500, currency="usd")
    assert report(stripe_standin.events("payment_intent.created")[-1]) == 200
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


def test_a_refund_that_took_its_time_is_shown_as_paid_once_stripe_says_so(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation, "pm_card_pendingRefund")
    client, path = api_client(guest), f"/reservations/{reservation.pk}"
    client.post("/reservations", {"paymentIntentId": reservation.payment.intent_id})
    assert client.delete(path).json()["refund"]["status"] == "pending"
    stripe_standin.decide(Refund.objects.get().refund_id, "succeeded")
    for event in stripe_standin.events("refund.*"):
        assert report(event) == 200
    assert client.get(path).json()["refund"]["status"] == "succeeded"
