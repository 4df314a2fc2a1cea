"""What a guest finds in the mailbox, whatever became of the browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import OutgoingMessage
from accounts.outbox import sending
from accounts.outbox.mail_files import as_page
from accounts.tests.cast import alice
from reservations.models import Reservation
from reservations.tests.factories import book_for
from reservations.tests.looking import assert_axe_is_content, assert_fits
from reservations.tests.steps import GOOD, hold_and_log_in, pay
from reservations.upkeep import housekeeping
from showtimes.tests.factories import make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def deliver() -> None:
    for message in OutgoingMessage.objects.waiting():
        sending.attempt(message.key, now=timezone.now() + timedelta(days=1))


def test_who_closed_the_browser_after_paying_still_gets_the_tickets(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    page.route("**/return/**", lambda route: route.abort())
    with page.expect_request("**/return/**"):
        pay(page, GOOD)
    page.close()
    assert not Reservation.objects.get().is_confirmed
    housekeeping.tidy(now=timezone.now() + timedelta(minutes=1))
    deliver()
    [email] = mail.outbox
    assert email.recipients() == ["alice@example.org"]
    assert Reservation.objects.get().reference in email.body


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_email(browser: Browser, stripe_standin: Any, scheme: Any) -> None:
    book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")
    deliver()
    [email] = mail.outbox
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page.set_content(as_page(email.message()))
    assert_axe_is_content(page)
    assert_fits(page)
    page.close()


def test_the_tickets_are_saved_sent_again_and_put_into_a_calendar(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")
    deliver()
    page.reload()
    expect(page.get_by_text("We sent these tickets to alice@example.org on")).to_be_visible()
    for link, name in (("Tickets as PDF", "tickets-"), ("Add to my calendar", "booking-")):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        assert download.value.suggested_filename.startswith(name)
    page.get_by_role("button", name="Send the tickets again").click()
    expect(page.get_by_text("We are sending your tickets to alice@example.org.")).to_be_visible()
    deliver()
    assert len(mail.outbox) == 2
