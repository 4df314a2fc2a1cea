"""A guest chooses German, and books a seat in it; nothing is too long for a phone."""

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import OutgoingMessage
from accounts.tests.cast import PASSWORD, alice
from reservations.models import Reservation
from reservations.tests.looking import NARROW, WIDE, assert_axe_is_content, assert_fits
from reservations.tests.steps import GOOD, card_form, pay, seat
from showtimes.tests.factories import make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_seat_is_booked_in_german(browser: Browser, house: str, viewport: dict[str, int]) -> None:
    guest = alice()
    make_showtime(has_captions=True)
    page = browser.new_page(viewport=viewport, locale="en-US")

    def look() -> None:
        assert page.locator("html").get_attribute("lang") == "de", page.url
        assert_axe_is_content(page)
        assert_fits(page)

    page.goto(house)
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_attached()
    look()
    page.get_by_role("link", name="ab 12,00 $").click()
    page.wait_for_url("**/book/*/")
    page.get_by_label("Einzeln wählen").check()
    seat(page, "A1").check()
    expect(page.locator("[data-total]")).to_have_text("12,00 $")
    look()
    page.get_by_role("button", name="Plätze reservieren").click()
    page.get_by_label("E-Mail").fill(guest.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", name="Prüfen und bezahlen")).to_be_visible()
    card_form(page)
    look()
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")
    expect(page.get_by_role("article", name="Ticket für Platz A1")).to_be_visible()
    look()
    assert Reservation.objects.get().labels == ["A1"]
    assert (
        OutgoingMessage.objects.get().language == "de"
    )  # whoever confirmed it, Stripe or the guest
    page.close()


def test_without_scripts_the_language_can_be_chosen_too(browser: Browser, house: str) -> None:
    showtime = make_showtime()
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{house}/book/{showtime.pk}/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Plätze wählen")).to_be_visible()
    assert page.url == f"{house}/book/{showtime.pk}/"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Choose your seats")).to_be_visible()
    context.close()
