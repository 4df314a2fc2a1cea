"""What was booked: the list, the tickets, calling it off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import alice, bob
from payments.models import Refund
from reservations.models import Reservation, State
from reservations.tests.factories import book_for, hold_for
from reservations.tickets.codes import code_of
from showtimes.models import Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db


def test_the_list_tells_what_is_unpaid_what_is_to_come_and_what_is_over(client, stripe_standin):
    guest = alice()
    book_for(stripe_standin, guest, make_showtime(), "A1")
    past = book_for(stripe_standin, guest, make_showtime(auditorium=make_auditorium("Two")), "A2")
    over = timezone.now() - timedelta(days=1)
    Showtime.objects.filter(pk=past.showtime_id).update(
        starts_at=over - timedelta(hours=2), ends_at=over
    )
    hold_for(guest, make_showtime(auditorium=make_auditorium("Three")), "A3")
    client.force_login(guest)
    html = client.get("/bookings/").content.decode()
    unpaid, upcoming, gone = (html.index(words) for words in
                              ("Seat A3", "Seat A1", "Seat A2"))  # fmt: skip
    assert html.index("Not paid yet") < unpaid < html.index(">Upcoming") < upcoming < gone


def test_an_empty_list_leads_to_whats_on(client):
    client.force_login(alice())
    assert "See what’s on" in client.get("/bookings/").content.decode()


def test_a_booking_has_one_ticket_with_a_qr_code_for_every_seat(client, stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1", "A2")
    client.force_login(guest)
    html = client.get(f"/bookings/{reservation.reference}/").content.decode()
    assert html.count('class="qr"') == 2
    assert "Ticket for seat A2" in html
    assert reservation.reference in html
    # The picture says it, the page's text does not.
    assert code_of(reservation.seats.first()) not in html


def test_an_unpaid_booking_leads_to_paying(client):
    guest = alice()
    reservation = hold_for(guest, make_showtime())
    client.force_login(guest)
    answer = client.get(f"/bookings/{reservation.reference}/")
    assert answer.url == f"/checkout/{reservation.reference}/"


def test_cancelling_asks_first_then_refunds_once(client, stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    client.force_login(guest)
    page = f"/bookings/{reservation.reference}/cancel/"
    html = client.get(page).content.decode()
    assert "Cancel everything, $12.00 back" in html
    assert "You can decide until" in html
    for _click in range(2):
        answer = client.post(page, {"all": "yes"}, follow=True)
    html = answer.content.decode()
    assert "Refund of $12.00:" in html
    assert 'class="qr"' not in html
    assert Refund.objects.count() == 1


def test_after_the_cut_off_the_page_says_that_it_is_too_late(client, stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    Reservation.objects.filter(pk=reservation.pk).update(cancellable_until=timezone.now())
    client.force_login(guest)
    page = f"/bookings/{reservation.reference}/"
    assert "Cancel this booking" not in client.get(page).content.decode()
    answer = client.post(f"{page}cancel/", {"all": "yes"})
    assert answer.status_code == 409
    assert "It is too late to cancel" in answer.content.decode()
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


def test_some_seats_are_given_back_and_the_tickets_of_the_others_stay(client, stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1", "A2", "C1")
    client.force_login(guest)
    page = f"/bookings/{reservation.reference}/"
    html = client.get(f"{page}cancel/").content.decode()
    assert html.count('type="checkbox" name="seats"') == 3
    assert "$15.00 back" in html
    for _click in range(2):
        answer = client.post(f"{page}cancel/", {"seats": ["A1", "C1"]}, follow=True)
    html = answer.content.decode()
    assert "Refund of $27.00:" in html
    assert "Given back: A1, C1." in html
    assert html.count('class="qr"') == 1
    assert "Ticket for seat A2" in html
    assert [refund.amount for refund in Refund.objects.all()] == [2700]


def test_to_give_back_nothing_is_no_cancelling(client, stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1", "A2")
    client.force_login(guest)
    for seats in ([], ["Z9"], ["A1", "Z9"]):
        answer = client.post(f"/bookings/{reservation.reference}/cancel/", {"seats": seats})
        assert answer.status_code == 400
    assert 'value="A1" data-price="1200" checked' in answer.content.decode()
    reservation.refresh_from_db()
    assert reservation.labels == ["A1", "A2"]


@pytest.mark.parametrize("page", ["", "cancel/"])
def test_somebody_elses_booking_is_404(client, stripe_standin, page):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    client.force_login(bob())
    url = f"/bookings/{reservation.reference}/{page}"
    assert client.get(url).status_code == 404
    assert client.post(url).status_code in (404, 405)
    reservation.refresh_from_db()
    assert reservation.state == State.CONFIRMED


@pytest.mark.parametrize("page", ["/bookings/", "/bookings/ABCDEFGH12/", "/account/"])
def test_private_pages_lead_to_the_log_in(client, page):
    assert client.get(page).url == f"/account/log-in/?next={page}"
