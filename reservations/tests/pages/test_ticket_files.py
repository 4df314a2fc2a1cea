"""The tickets as files, and by e-mail once more: for whoever booked them, and nobody else."""

from datetime import timedelta
from io import BytesIO

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.actors import Actor
from accounts.models import OutgoingMessage
from accounts.outbox import sending
from accounts.tests.cast import alice, bo, bob, mia
from reservations import checkout
from reservations.models import Reservation
from reservations.tests.factories import book_for, hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db
FILES = ["tickets.pdf", "calendar.ics"]
BOOKINGS = "/admin/reservations/reservation/"


@pytest.fixture
def booked(stripe_standin) -> Reservation:
    return book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")


@pytest.fixture
def page(client, booked) -> str:
    client.force_login(booked.guest)
    return f"/bookings/{booked.reference}/"


def test_the_tickets_are_a_pdf_that_no_cache_keeps(client, page, booked):
    answer = client.get(f"{page}tickets.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    words = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert words.count(booked.reference) == 2


def test_the_calendar_entry_is_in_utc_and_leads_back(client, page, booked, settings):
    answer = client.get(f"{page}calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    entry = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert entry["DTSTART"].dt == booked.showtime.starts_at.replace(microsecond=0)
    assert entry["URL"] == settings.SITE_URL + page
    assert "A1, A2" in entry["DESCRIPTION"]


def test_the_calendar_entry_of_what_was_cancelled_takes_itself_out(client, page, booked):
    uid = icalendar.Calendar.from_ical(client.get(f"{page}calendar.ics").content).walk("VEVENT")[0]
    fresh = Reservation.objects.select_related("payment").get(pk=booked.pk)
    checkout.cancel(fresh, now=timezone.now(), by=Actor.guest(1))
    calendar = icalendar.Calendar.from_ical(client.get(f"{page}calendar.ics").content)
    entry = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert entry["UID"] == uid["UID"]
    assert client.get(f"{page}tickets.pdf").url == page


@pytest.mark.parametrize("file", [*FILES, "send-again/"])
def test_somebody_elses_tickets_do_not_exist(page, file):
    other = Client()
    other.force_login(bob())
    act = other.post if file.endswith("/") else other.get
    assert act(page + file).status_code == 404
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize("file", FILES)
def test_who_is_not_logged_in_is_asked_to(page, file):
    assert Client().get(page + file).url.startswith("/account/log-in/")


@pytest.mark.parametrize("file", FILES)
def test_what_is_not_paid_has_no_files(client, file):
    reservation = hold_for(alice(), make_showtime())
    client.force_login(reservation.guest)
    assert client.get(f"/bookings/{reservation.reference}/{file}").status_code == 302


def test_the_page_says_where_the_email_is(client, page):
    assert "is on its way to alice@example.org" in client.get(page).content.decode()
    sending.attempt(OutgoingMessage.objects.get().key, now=timezone.now() + timedelta(minutes=1))
    assert "We sent these tickets to alice@example.org on" in client.get(page).content.decode()
    OutgoingMessage.objects.update(sent_at=None, given_up_at=timezone.now())
    assert "We could not reach alice@example.org" in client.get(page).content.decode()


def test_the_email_is_sent_again_on_request_and_not_for_ever(client, page):
    told = []
    for _request in range(8):
        OutgoingMessage.objects.update(sent_at=timezone.now())
        told.append(client.post(f"{page}send-again/", follow=True).content.decode())
    assert "We are sending your tickets to alice@example.org." in told[0]
    assert "That was too often" in told[-1]
    assert OutgoingMessage.objects.count() == 2


def test_asking_takes_a_form_of_ours(booked, page):
    assert Client().get(f"{page}send-again/").status_code in (302, 405)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(booked.guest)
    assert careful.post(f"{page}send-again/").status_code == 403
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize("staff", [mia, bo])
def test_staff_see_which_email_went_out_when_and_why_not_yet(client, booked, staff):
    client.force_login(staff())
    page = f"{BOOKINGS}{booked.pk}/change/"
    assert "Not yet." in client.get(page).content.decode()
    OutgoingMessage.objects.update(last_error="ConnectionRefusedError: away")
    assert "Not yet: ConnectionRefusedError: away." in client.get(page).content.decode()


def test_staff_send_tickets_again(client, booked):
    OutgoingMessage.objects.update(sent_at=timezone.now())
    client.force_login(bo())
    asked = {"action": "send_tickets_again", "_selected_action": [booked.pk]}
    answer = client.post(BOOKINGS, asked, follow=True)
    assert "The tickets of 1 booking are on their way again." in answer.content.decode()
    assert OutgoingMessage.objects.filter(kind="tickets").count() == 2


def test_the_page_of_a_booking_costs_what_it_costs(client, page, django_assert_num_queries):
    client.get(page)
    with django_assert_num_queries(7):
        client.get(page)
