"""The back office in Chromium: its scripts work under the strict policy, and nothing complains."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.cast import PASSWORD, alice, mia
from movies.tests.factories import make_movie
from reservations.tests.factories import book_for
from showtimes.models import Seat, Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(page: Page, house: str, complaints: list[str]) -> Page:
    """Mia has logged in."""
    mia()
    page.goto(f"{house}/admin/")
    page.get_by_label("E-mail").fill("mia@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return page


def test_a_plan_is_drawn_while_it_is_typed_and_a_click_breaks_a_seat(office: Page, house: str):
    room = make_auditorium()
    office.goto(f"{house}/admin/showtimes/auditorium/{room.pk}/change/")
    office.get_by_label("Seat plan").fill("A  ss_ss\nB  s?")
    expect(office.get_by_text("Row B: “?” is no kind of seat")).to_be_visible()
    office.get_by_label("Seat plan").fill(room.plan + "\nD  ss")
    expect(office.get_by_role("img", name="4 rows with 26 seats")).to_be_visible()
    office.locator("[data-label=D2]").click()
    expect(office.locator(".broken[data-label=D2]")).to_be_visible()
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text("was changed successfully")).to_be_visible()
    assert [str(seat) for seat in Seat.objects.filter(out_of_order=True)] == ["D2"]


def test_a_showtime_is_planned_with_the_pages_own_helpers(office: Page, house: str):
    make_movie("Wings")
    make_auditorium("Grand")
    office.goto(f"{house}/admin/showtimes/showtime/add/")
    office.locator(".select2-selection").click()
    office.get_by_role("option", name="Wings").click()
    office.get_by_label("Auditorium").select_option(label="Grand")
    office.locator("#calendarlink0").click()
    office.get_by_role("link", name="Tomorrow").click()
    office.locator("#id_starts_at_1").fill("20:15")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text("was added successfully")).to_be_visible()
    assert Showtime.objects.get().movie.title == "Wings"


def test_a_booking_is_cancelled_from_its_page(office: Page, house: str, stripe_standin: Any):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    office.goto(f"{house}/admin/reservations/reservation/{reservation.pk}/change/")
    office.get_by_role("button", name="Cancel and refund …").click()
    expect(office.get_by_text("$12.00 will be refunded.")).to_be_visible()
    office.get_by_role("button", name="Cancel and refund").click()
    expect(office.get_by_text("1 booking was cancelled.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reference_is_drawn(page: Page, house: str, complaints: list[str], scheme: Any):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{house}/api/docs/")
    page.get_by_text("/payment/create-payment-intent", exact=True).first.click()
    expect(page.get_by_text("taken", exact=False).first).to_be_visible()
