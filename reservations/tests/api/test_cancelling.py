"""`DELETE /reservations/:id`: called off in time, once however often, by those who may."""

from datetime import timedelta

import pytest
import time_machine

from accounts.tests.cast import TEST, alice, api_client, bo, bob, mia
from payments.models import Refund
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def refunded_at(stripe, reservation: Reservation) -> list[int]:
    listed = stripe.call("GET", "/v1/refunds", payment_intent=reservation.payment.intent_id)
    return [refund["amount"] for refund in listed["data"]]


def test_a_hold_is_given_back_and_nothing_was_charged(stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = start_for(guest, showtime, "A1")
    answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert answer.status_code == 200
    assert set(answer.json()) == {"message", "reservation", "refund"}
    assert answer.json()["message"]
    assert answer.json()["refund"] is None
    assert answer.json()["reservation"]["state"] == "cancelled"
    assert not ReservedSeat.objects.live().exists()
    assert stripe_standin.intent(reservation.payment.intent_id)["status"] == "canceled"


def test_a_hold_without_an_intent_can_be_given_back_too():
    guest = alice()
    reservation = hold_for(guest, make_showtime(), "A1")
    answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["refund"]) == (200, None)


def test_a_booking_is_paid_back_in_full_and_its_seats_are_free(stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = book_for(stripe_standin, guest, showtime, "A1", "C1")
    answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert answer.status_code == 200
    refund = answer.json()["refund"]
    assert (refund["amount"], refund["currency"], refund["status"]) == (2700, "usd", "succeeded")
    assert answer.json()["reservation"]["refund"] == refund
    assert "ticketCode" not in answer.json()["reservation"]["seats"][0]
    assert refunded_at(stripe_standin, reservation) == [2700]
    assert hold_for(bob(), showtime, "A1", "C1").state == State.HELD


def test_ten_times_is_once_with_one_refund(stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    client = api_client(guest)
    answers = [client.delete(f"/reservations/{reservation.pk}") for _n in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.json()) for answer in answers}) == 1
    assert refunded_at(stripe_standin, reservation) == [1200]
    assert Refund.objects.count() == 1


def test_from_the_start_of_the_show_on_it_is_too_late(stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = book_for(stripe_standin, guest, showtime, "A1")
    with time_machine.travel(showtime.starts_at, tick=False):
        answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "showtime_started")
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED
    assert refunded_at(stripe_standin, reservation) == []


def test_a_moment_before_the_cut_off_is_early_enough(settings, stripe_standin):
    settings.CANCELLATION_CUTOFF_MINUTES = 60
    guest, showtime = alice(), make_showtime()
    reservation = book_for(stripe_standin, guest, showtime, "A1")
    path, cutoff = f"/reservations/{reservation.pk}", showtime.starts_at - timedelta(hours=1)
    with time_machine.travel(cutoff, tick=False):
        assert api_client(guest).delete(path).json()["code"] == "showtime_started"
    with time_machine.travel(cutoff - timedelta(seconds=1), tick=False):
        assert api_client(guest).delete(path).status_code == 200


def test_a_cut_off_that_changes_later_does_not_change_a_sale(settings, stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = book_for(stripe_standin, guest, showtime, "A1")
    settings.CANCELLATION_CUTOFF_MINUTES = 24 * 60
    assert api_client(guest).delete(f"/reservations/{reservation.pk}").status_code == 200


def test_a_hold_that_was_authorised_meanwhile_is_not_charged(stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["refund"]) == (200, None)
    assert stripe_standin.intent(reservation.payment.intent_id)["amount_received"] == 0


def test_a_manager_may_cancel_any(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    answer = api_client(mia()).delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["refund"]["amount"]) == (200, 1200)
    by = reservation.history.order_by("pk").last().by
    assert by.startswith("staff")


@pytest.mark.parametrize("person", [bob, bo])
def test_nobody_else_may_and_they_learn_nothing(person, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    client = api_client(person())
    answer = client.delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json() == client.delete(f"/reservations/{reservation.pk + 1}").json()
    assert api_client().delete(f"/reservations/{reservation.pk}").status_code == 401
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


def test_while_stripe_is_away_the_refund_is_promised_and_asking_again_pays_it(stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    client, path = api_client(guest), f"/reservations/{reservation.pk}"
    stripe_standin.fault("POST /v1/refunds", "error")
    answer = client.delete(path)
    assert (answer.status_code, answer.json()["refund"]["status"]) == (200, "due")
    assert answer.json()["reservation"]["state"] == "cancelled"
    stripe_standin.clear_faults()
    assert client.delete(path).json()["refund"]["status"] == "succeeded"
    assert refunded_at(stripe_standin, reservation) == [1200]


def test_a_lapsed_hold_stays_lapsed():
    guest = alice()
    reservation = hold_for(guest, make_showtime(), "A1")
    reservation.move(State.LAPSED, at=reservation.held_until, by=TEST)
    answer = api_client(guest).delete(f"/reservations/{reservation.pk}")
    assert (answer.status_code, answer.json()["reservation"]["state"]) == (200, "lapsed")


def test_some_seats_are_given_back_and_the_others_stay_booked(stripe_standin):
    guest, showtime = alice(), make_showtime()
    sale = book_for(stripe_standin, guest, showtime, "A1", "A2", "C1")
    client, path = api_client(guest), f"/reservations/{sale.pk}"
    answer = client.delete(f"{path}?seats=A1,c1")
    assert answer.status_code == 200
    told = answer.json()["reservation"]
    assert (told["state"], told["amount"]) == ("confirmed", 1200)
    assert [seat["label"] for seat in told["seats"]] == ["A2"]
    assert "ticketCode" in told["seats"][0]
    assert told["returnedSeats"] == ["A1", "C1"]
    assert answer.json()["refund"] == told["refund"] == told["refunds"][0]
    assert answer.json()["refund"]["amount"] == 2700
    assert client.delete(f"{path}?seats=A1&seats=C1").json() == answer.json()
    assert refunded_at(stripe_standin, sale) == [2700]
    rest = client.delete(path).json()
    assert (rest["reservation"]["state"], rest["refund"]["amount"]) == ("cancelled", 1200)
    assert len(rest["reservation"]["refunds"]) == 2


def test_seats_may_stand_in_the_body_and_never_mean_all_of_them(stripe_standin):
    """A client that believes so must not lose the whole booking."""
    guest = alice()
    sale = book_for(stripe_standin, guest, make_showtime(), "A1", "A2")
    client, path = api_client(guest), f"/reservations/{sale.pk}"
    assert client.delete(path, {"seats": ["A1"]}).json()["refund"]["amount"] == 1200
    for seats in ([], ["Z9"], 1, [1], {"A1": 1}, "", True):
        answer = client.delete(path, {"seats": seats})
        assert (answer.status_code, answer.json()["code"]) in (
            (400, "no_seats"), (400, "unknown_seats"), (400, "invalid"),
        ), seats  # fmt: skip
    assert client.delete(f"{path}?seats=").status_code == 400
    sale.refresh_from_db()
    assert sale.state == State.CONFIRMED


def test_somebody_elses_seats_are_not_there_to_be_given_back(stripe_standin):
    sale = book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")
    answer = api_client(bob()).delete(f"/reservations/{sale.pk}?seats=A1")
    assert answer.status_code == 404
    assert refunded_at(stripe_standin, sale) == []
