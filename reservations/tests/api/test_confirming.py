"""`POST /reservations`: the reservation that an intent has paid for, if Stripe says that it has."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.cast import alice, api_client, as_json, bob, mia
from payments import gateway
from reservations.models import Reservation, State
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.models import Seat
from showtimes.tests.factories import make_showtime
from tools.standin.process import Refused

pytestmark = pytest.mark.django_db


def confirm(client: Any, reservation: Reservation):
    assert reservation.payment is not None
    return client.post("/reservations", {"paymentIntentId": reservation.payment.intent_id})


def test_a_paid_hold_becomes_a_booking_with_its_tickets(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1", "A2")
    authorise(stripe_standin, reservation)
    answer = confirm(api_client(guest), reservation)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["id"], told["state"], told["amount"]) == (reservation.pk, "confirmed", 2400)
    assert told["heldUntil"] is None
    codes = [seat["ticketCode"] for seat in told["seats"]]
    assert len(set(codes)) == 2
    assert not any(secret in "".join(codes) for secret in ("Alice", "alice", told["reference"]))
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 2400)


def test_confirming_again_is_200_and_the_same(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    client = api_client(guest)
    first, again = confirm(client, reservation), confirm(client, reservation)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    captures = [call for call in stripe_standin.calls() if call["path"].endswith("/capture")]
    assert len(captures) == 1


def test_the_tickets_come_in_the_order_of_the_seats_not_of_their_keys(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1", "A2")
    Seat.objects.filter(row="A", number=1).update(x=99)  # it stands at the other end by now
    authorise(stripe_standin, reservation)
    told = confirm(api_client(guest), reservation).json()
    assert [seat["label"] for seat in told["seats"]] == ["A2", "A1"]


@pytest.mark.parametrize(
    "card", [None, "pm_card_visa_chargeDeclined", "pm_card_authenticationRequired"]
)
def test_what_is_not_paid_is_not_confirmed_and_stays_held(card, stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    if card is not None:
        with suppress(Refused):
            authorise(stripe_standin, reservation, card)
    answer = confirm(api_client(guest), reservation)
    assert (answer.status_code, answer.json()["code"]) == (402, "payment_incomplete")
    reservation.refresh_from_db()
    assert reservation.state == State.HELD


def test_while_the_bank_is_deciding_it_is_202_and_the_seats_stay(stripe_standin, monkeypatch):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    client, retrieve = api_client(guest), gateway.retrieve
    monkeypatch.setattr(gateway, "retrieve", lambda pi: replace(retrieve(pi), status="processing"))
    answer = confirm(client, reservation)
    assert (answer.status_code, answer.json()["state"]) == (202, "held")
    monkeypatch.undo()
    assert confirm(client, reservation).status_code == 201


def test_seats_that_were_lost_cost_nothing(stripe_standin):
    guest, showtime, now = alice(), make_showtime(), timezone.now()
    reservation = start_for(guest, showtime, "A1", now=now)
    later = now + timedelta(minutes=11)
    hold_for(bob(), showtime, "A1", now=later)
    authorise(stripe_standin, reservation)
    with time_machine.travel(later, tick=False):
        answer = confirm(api_client(guest), reservation)
    assert (answer.status_code, answer.json()["code"]) == (409, "seats_lost")
    intent = stripe_standin.intent(reservation.payment.intent_id)
    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)


def test_a_cancelled_intent_confirms_nothing(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    client = api_client(guest)
    client.delete(f"/reservations/{reservation.pk}")
    answer = confirm(client, reservation)
    assert (answer.status_code, answer.json()["code"]) == (409, "seats_lost")
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED


def test_a_paid_intent_after_a_cancel_is_let_go_and_nothing_is_charged(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    client = api_client(guest)
    assert client.delete(f"/reservations/{reservation.pk}").status_code == 200
    assert confirm(client, reservation).status_code == 409
    assert stripe_standin.intent(reservation.payment.intent_id)["amount_received"] == 0


def test_another_guests_intent_is_not_there_not_even_for_a_manager(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    for somebody in (bob(), mia()):
        answer = confirm(api_client(somebody), reservation)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    reservation.refresh_from_db()
    assert reservation.state == State.HELD
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "requires_capture"


def test_a_foreign_and_an_unknown_intent_are_answered_alike(stripe_standin):
    foreign, client = start_for(alice(), make_showtime(), "A1"), api_client(bob())
    unknown = client.post("/reservations", {"paymentIntentId": "pi_unknown"})
    assert confirm(client, foreign).json() == unknown.json()


@pytest.mark.parametrize(
    "intent", [None, "", 7, True, [], ["pi_1"], {"id": "pi_1"}, "pi\x00", "x" * 101, "\ud800"]
)
def test_what_is_no_intent_is_refused(intent):
    answer = api_client(alice()).post("/reservations", **as_json({"paymentIntentId": intent}))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["paymentIntentId"])


def test_what_a_client_says_of_the_payment_is_not_believed(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    lie = {"paymentIntentId": reservation.payment.intent_id, "status": "succeeded", "amount": 1}
    assert api_client(guest).post("/reservations", lie).status_code == 402


def test_while_stripe_is_away_it_is_503_and_the_seats_stay(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    stripe_standin.fault("GET /v1/payment_intents/*", "error")
    client = api_client(guest)
    answer = confirm(client, reservation)
    assert (answer.status_code, answer.json()["code"]) == (503, "payment_unavailable")
    assert int(answer["Retry-After"]) > 0
    stripe_standin.clear_faults()
    assert confirm(client, reservation).status_code == 201


def test_who_is_told_of_a_booking_that_a_webhook_confirmed_first_hears_201(stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    client = api_client(guest)
    assert [confirm(client, reservation).status_code for _n in range(2)] == [201, 200]


@pytest.mark.parametrize("slash", ["", "/"])
def test_without_a_log_in_nothing_is_confirmed(slash, stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    body = {"paymentIntentId": reservation.payment.intent_id}
    answer = api_client().post(f"/reservations{slash}", body)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
