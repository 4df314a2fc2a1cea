"""`POST /payment/create-payment-intent`: seats held, and the intent to pay for them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.tests.cast import alice, api_client, bob, make_person
from payments.models import Payment
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.factories import hold_for
from showtimes.models import Showtime
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def ask(client: APIClient, showtime: Showtime, seats: Any, **more: Any):
    wish = {"showtimeId": showtime.pk, "seats": seats} | more
    return client.post("/payment/create-payment-intent", wish)


def labels(answer: Any) -> list[str]:
    return [seat["label"] for seat in answer.json()["reservation"]["seats"]]


def test_seats_are_held_and_an_intent_waits_for_the_card(stripe_standin):
    showtime = make_showtime()
    answer = ask(api_client(alice()), showtime, ["A1", "C2"])
    assert answer.status_code == 201
    told = answer.json()
    assert set(told) == {"clientSecret", "paymentIntentId", "publishableKey", "reservation"}
    intent = stripe_standin.intent(told["paymentIntentId"])
    assert told["clientSecret"] == intent["client_secret"]
    assert told["publishableKey"] == stripe_standin.publishable_key
    assert (intent["amount"], intent["currency"]) == (2700, "usd")
    assert (intent["capture_method"], intent["status"]) == ("manual", "requires_payment_method")
    reservation = told["reservation"]
    assert intent["metadata"]["reference"] == reservation["reference"]
    assert (reservation["state"], reservation["amount"], reservation["currency"]) == (
        "held", 2700, "usd",
    )  # fmt: skip
    assert reservation["showtime"]["id"] == showtime.pk
    assert [(seat["label"], seat["price"]["amount"]) for seat in reservation["seats"]] == [
        ("A1", 1200),
        ("C2", 1500),
    ]
    assert "ticketCode" not in reservation["seats"][0]
    held_for = datetime.fromisoformat(reservation["heldUntil"]) - timezone.now()
    assert timedelta(minutes=9) < held_for <= timedelta(minutes=10)


def test_the_same_seats_again_are_the_same_hold_and_the_same_intent(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    first = ask(client, showtime, ["A1", "A2"])
    again = ask(client, showtime, [" a2", "A1 "])
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Reservation.objects.count() == Payment.objects.count() == 1
    assert stripe_standin.state()["counts"]["payment_intent"] == 1


def test_other_seats_take_the_place_of_the_first_and_their_intent_is_let_go(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    first = ask(client, showtime, ["A1", "A2"])
    second = ask(client, showtime, ["A2", "A3"])
    assert second.status_code == 201
    assert second.json()["paymentIntentId"] != first.json()["paymentIntentId"]
    assert {claim.label for claim in ReservedSeat.objects.live()} == {"A2", "A3"}
    assert stripe_standin.intent(first.json()["paymentIntentId"])["status"] == "canceled"


def test_a_number_of_seats_is_the_best_so_many_together(stripe_standin):
    answer = ask(api_client(alice()), make_showtime(), 2)
    assert answer.status_code == 201
    first, second = labels(answer)
    assert first[0] == second[0]
    assert int(second[1:]) == int(first[1:]) + 1


def test_more_seats_than_are_left_are_refused(stripe_standin):
    showtime = make_showtime()
    for guest, row in ((alice(), "A"), (bob(), "C")):
        hold_for(guest, showtime, *[f"{row}{n}" for n in range(1, 10)])
    answer = ask(api_client(make_person("Carol")), showtime, 4)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_seats")


def test_taken_seats_are_named_with_what_is_free_instead(stripe_standin):
    showtime = make_showtime()
    hold_for(bob(), showtime, "A1", "A2")
    answer = ask(api_client(alice()), showtime, ["A2", "A3"])
    assert (answer.status_code, answer.json()["code"]) == (409, "seats_taken")
    assert answer.json()["taken"] == ["A2"]
    offers = answer.json()["alternatives"]
    assert offers[0] == ["A3", "A4"]
    assert all(len(group) == 2 for group in offers)
    assert Reservation.objects.count() == 1
    assert stripe_standin.calls() == []


def test_a_replacement_that_cannot_be_had_leaves_the_hold_as_it_was(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    first = ask(client, showtime, ["A1"])
    hold_for(bob(), showtime, "A2")
    assert ask(client, showtime, ["A1", "A2"]).status_code == 409
    assert ask(client, showtime, ["A1"]).json() == first.json()


@pytest.mark.parametrize(
    "own_idea",
    [
        {"amount": 1},
        {"amount": -2400, "currency": "jpy"},
        {"price": 0, "prices": {"standard": 1}, "total": 0},
        {"state": "confirmed", "heldUntil": "2099-01-01T00:00:00Z", "guestId": 1},
        {"paymentIntentId": "pi_own", "capture_method": "automatic", "livemode": True},
    ],
)
def test_prices_and_terms_are_ours_whatever_a_client_sends(own_idea, stripe_standin):
    answer = ask(api_client(alice()), make_showtime(), ["A1", "A2"], **own_idea)
    assert answer.status_code == 201
    intent = stripe_standin.intent(answer.json()["paymentIntentId"])
    assert (intent["amount"], intent["currency"], intent["capture_method"]) == (
        2400, "usd", "manual",
    )  # fmt: skip
    assert Reservation.objects.get().state == State.HELD


def test_a_guest_may_hold_seats_of_two_showtimes(stripe_standin):
    client, first = api_client(alice()), make_showtime()
    second = make_showtime(
        movie=first.movie, auditorium=first.auditorium,
        starts_at=first.starts_at + timedelta(hours=4),
    )  # fmt: skip
    assert ask(client, first, ["A1"]).status_code == 201
    assert ask(client, second, ["A1"]).status_code == 201
    assert Reservation.objects.filter(state=State.HELD).count() == 2


def test_while_stripe_is_away_the_seats_stay_held_and_asking_again_goes_on(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    stripe_standin.fault("POST /v1/payment_intents", "error")
    answer = ask(client, showtime, ["A1"])
    assert (answer.status_code, answer.json()["code"]) == (503, "payment_unavailable")
    assert int(answer["Retry-After"]) > 0
    assert Reservation.objects.get().state == State.HELD
    stripe_standin.clear_faults()
    answer = ask(client, showtime, ["A1"])
    assert answer.status_code == 201
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize("slash", ["", "/"])
def test_without_a_log_in_nothing_is_held(slash):
    showtime = make_showtime()
    wish = {"showtimeId": showtime.pk, "seats": ["A1"]}
    answer = APIClient().post(f"/payment/create-payment-intent{slash}", wish)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert not Reservation.objects.exists()
