"""Paying on the page: seats kept on the way in, honest words at every end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import PASSWORD, alice, bob
from payments.models import Payment
from reservations.models import Reservation, State
from reservations.tests.factories import authorise, hold_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def checkout(reservation):
    return f"/checkout/{reservation.reference}/"


def let_time_run_out(reservation):
    Reservation.objects.filter(pk=reservation.pk).update(
        held_until=timezone.now() - timedelta(seconds=1)
    )


def test_seats_chosen_before_logging_in_are_kept_and_become_the_guests(client, stripe_standin):
    guest, showtime = alice(), make_showtime()
    client.post(f"/book/{showtime.pk}/", {"seats": ["A1", "A2"]})
    hold = Reservation.objects.get()
    to_log_in = client.get(checkout(hold))
    assert to_log_in.url == f"/account/log-in/?next={checkout(hold)}"
    assert "Your seats A1, A2 are held until" in client.get(to_log_in.url).content.decode()
    client.post(to_log_in.url, {"email": guest.email, "password": PASSWORD, "next": checkout(hold)})
    assert client.get(checkout(hold)).status_code == 200
    hold.refresh_from_db()
    assert hold.guest == guest


def test_the_page_shows_everything_before_it_asks_for_the_card(client, stripe_standin):
    guest = alice()
    reservation = hold_for(guest, make_showtime(), "A1", "C1")
    client.force_login(guest)
    html = client.get(checkout(reservation)).content.decode()
    reservation.refresh_from_db()
    for words in ("The General", "A1, standard", "$12.00", "C1, premium", "$15.00", "$27.00",
                  "Full refund if you cancel before", "held for you",
                  reservation.payment.client_secret, stripe_standin.publishable_key):  # fmt: skip
        assert words in html


def test_reloading_makes_no_second_intent(client, stripe_standin):
    guest = alice()
    reservation = hold_for(guest, make_showtime())
    client.force_login(guest)
    for _reload in range(2):
        client.get(checkout(reservation))
    reservation.refresh_from_db()
    assert Payment.objects.get() == reservation.payment


def test_while_stripe_is_away_the_seats_stay_held_and_the_page_says_so(client, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody listens there
    guest = alice()
    reservation = hold_for(guest, make_showtime())
    client.force_login(guest)
    answer = client.get(checkout(reservation))
    assert answer.status_code == 503
    assert "Your seats stay held." in answer.content.decode()


def test_more_time_begins_the_hold_anew(client, stripe_standin):
    guest = alice()
    reservation = hold_for(guest, make_showtime(), now=timezone.now() - timedelta(minutes=5))
    client.force_login(guest)
    client.post(f"{checkout(reservation)}more-time/")
    before = reservation.held_until
    reservation.refresh_from_db()
    assert reservation.held_until > before


def test_a_script_gets_the_new_time_as_json(client):
    guest = alice()
    reservation = hold_for(guest, make_showtime())
    client.force_login(guest)
    answer = client.post(
        f"{checkout(reservation)}more-time/", headers={"Accept": "application/json"}
    )
    assert set(answer.json()) == {"heldUntil", "clock", "words"}


def test_seats_can_be_given_back(client):
    guest, showtime = alice(), make_showtime()
    reservation = hold_for(guest, showtime)
    client.force_login(guest)
    answer = client.post(f"{checkout(reservation)}release/", follow=True)
    assert "You gave the seats back. Nothing was charged." in answer.content.decode()
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    after = client.get(checkout(reservation), follow=True).content.decode()
    assert "Nothing was charged" in after
    assert "went to somebody else" not in after


def test_the_return_page_confirms_and_leads_to_the_tickets(client, stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime())
    authorise(stripe_standin, reservation)
    client.force_login(guest)
    for _reload in range(2):
        answer = client.get(f"{checkout(reservation)}return/")
        assert answer.url == f"/bookings/{reservation.reference}/"
    reservation.refresh_from_db()
    assert reservation.is_confirmed


def test_a_declined_card_leads_back_to_the_form_with_the_seats_kept(client, stripe_standin):
    from tools.standin.process import Refused

    guest = alice()
    reservation = start_for(guest, make_showtime())
    with pytest.raises(Refused):
        authorise(stripe_standin, reservation, "pm_card_chargeDeclined")
    client.force_login(guest)
    answer = client.get(f"{checkout(reservation)}return/", follow=True)
    assert answer.redirect_chain[-1][0] == checkout(reservation)
    assert "Your bank declined the card." in answer.content.decode()


def test_time_over_says_that_nothing_was_charged_and_offers_the_same_seats(client):
    guest = alice()
    reservation = hold_for(guest, make_showtime(), "A1", "A2")
    let_time_run_out(reservation)
    client.force_login(guest)
    answer = client.get(checkout(reservation), follow=True)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was charged" in html
    assert "Take A1, A2 again" in html


def test_money_a_moment_late_still_gets_the_seats_while_they_are_free(client, stripe_standin):
    guest = alice()
    reservation = start_for(guest, make_showtime())
    authorise(stripe_standin, reservation)
    let_time_run_out(reservation)
    client.force_login(guest)
    answer = client.get(checkout(reservation), follow=True)
    assert answer.redirect_chain[-1][0] == f"/bookings/{reservation.reference}/"


def test_seats_that_were_lost_cost_nothing_and_the_page_says_so(client, stripe_standin):
    guest, showtime = alice(), make_showtime()
    reservation = start_for(guest, showtime, "A1")
    authorise(stripe_standin, reservation)
    let_time_run_out(reservation)
    hold_for(bob(), showtime, "A1")
    client.force_login(guest)
    answer = client.get(f"{checkout(reservation)}return/")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The seats went to somebody else. Nothing was charged." in html


@pytest.mark.parametrize("page", ["", "return/"])
def test_somebody_elses_checkout_is_404(client, page):
    reservation = hold_for(alice(), make_showtime())
    client.force_login(bob())
    assert client.get(f"{checkout(reservation)}{page}").status_code == 404


@pytest.mark.parametrize("action", ["more-time/", "release/"])
def test_actions_need_a_post_and_the_owner(client, action):
    reservation = hold_for(alice(), make_showtime())
    assert client.post(f"{checkout(reservation)}{action}").status_code == 302  # to the log-in
    client.force_login(bob())
    assert client.post(f"{checkout(reservation)}{action}").status_code == 404
    assert client.get(f"{checkout(reservation)}{action}").status_code == 405
    reservation.refresh_from_db()
    assert reservation.state == State.HELD
