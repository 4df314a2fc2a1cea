"""One wish, one intent, one cancellation, sent many times in the same moment over HTTP."""

from collections import Counter
from functools import partial

import pytest
from rest_framework.test import APIClient

from accounts.tests.cast import alice, api_client, make_person, mia
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.crowd import at_once
from reservations.tests.factories import authorise, book_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/payment/create-payment-intent"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.RATE_LIMITS = False


def statuses(answers: list) -> dict[int, int]:
    """How many answers there were of each status; an exception is shown as it is."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return dict(Counter(answer.status_code for answer in answers))


def test_many_guests_who_want_the_same_seats_are_told_yes_once(stripe_standin):
    showtime = make_showtime()
    clients = [api_client(make_person(f"Guest{n}")) for n in range(12)]
    wish = {"showtimeId": showtime.pk, "seats": ["A1", "A2"]}
    answers = at_once([partial(client.post, PATH, wish) for client in clients])
    assert statuses(answers) == {201: 1, 409: 11}
    assert {claim.label for claim in ReservedSeat.objects.live()} == {"A1", "A2"}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert all(told["code"] == "seats_taken" and told["taken"] for told in refused)


def test_one_guest_in_many_tabs_gets_one_hold_and_one_intent(stripe_standin):
    showtime, client = make_showtime(), api_client(alice())
    wish = {"showtimeId": showtime.pk, "seats": ["A1"]}
    answers = at_once([partial(client.post, PATH, wish)] * 8)
    assert set(statuses(answers)) <= {200, 201}
    assert len({answer.json()["paymentIntentId"] for answer in answers}) == 1
    assert Reservation.objects.filter(state=State.HELD).count() == 1
    assert stripe_standin.state()["counts"]["payment_intent"] == 1


def test_one_intent_confirmed_many_times_at_once_is_one_booking(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    client, body = api_client(guest), {"paymentIntentId": reservation.payment.intent_id}
    answers = at_once([partial(client.post, "/reservations", body)] * 10)
    seen = statuses(answers)
    assert set(seen) <= {200, 201, 202}
    assert seen.get(201, 0) <= 1
    assert client.post("/reservations", body).status_code in (200, 201)
    captures = [call for call in stripe_standin.calls() if call["path"].endswith("/capture")]
    assert [call["status"] for call in captures].count(200) == 1
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


def test_a_guest_and_a_manager_who_cancel_at_once_pay_back_once(stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1", "A2")
    clients: list[APIClient] = [api_client(guest), api_client(mia())]
    path = f"/reservations/{reservation.pk}"
    answers = at_once([partial(clients[n % 2].delete, path) for n in range(16)])
    assert statuses(answers) == {200: 16}
    refunds = stripe_standin.call(
        "GET", "/v1/refunds", payment_intent=reservation.payment.intent_id
    )
    assert [refund["amount"] for refund in refunds["data"]] == [2400]
