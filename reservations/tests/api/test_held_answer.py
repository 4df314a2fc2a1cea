"""The quick answer to a hold says what the reservation says when it is asked for."""

import pytest

from accounts.tests.cast import alice, api_client
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_the_answer_to_a_hold_is_the_reservation(stripe_standin):
    client, showtime = api_client(alice()), make_showtime()
    wish = {"showtimeId": showtime.pk, "seats": ["C1", "A2", "A1"]}
    answer = client.post("/payment/create-payment-intent", wish).json()["reservation"]
    assert answer == client.get(f"/reservations/{answer['id']}").json()
    assert [seat["label"] for seat in answer["seats"]] == ["A1", "A2", "C1"]
