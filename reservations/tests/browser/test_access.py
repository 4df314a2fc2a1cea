"""Anyone can book: by keyboard, without scripts, on a narrow screen, and axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.tests.cast import alice, bob
from movies.tests.factories import make_movie
from reservations.models import Reservation
from reservations.tests.factories import book_for, hold_for
from reservations.tests.looking import NARROW, WIDE, assert_axe_is_content, assert_fits, tab_to
from reservations.tests.steps import card_form, hold, hold_and_log_in, log_in, seat
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, house: str, stripe_standin: Any, viewport: Any, scheme: Any
) -> None:
    guest, showtime = alice(), make_showtime(has_captions=True)
    make_movie("The Kid")
    hold_for(bob(), showtime, "A5", "A6")
    small = make_auditorium("Two", plan="A  ss")
    booked = book_for(stripe_standin, guest, make_showtime(auditorium=small), "A1", "A2")
    page = browser.new_page(viewport=viewport, color_scheme=scheme)

    def look(path: str) -> None:
        page.goto(f"{house}{path}")
        assert_axe_is_content(page)
        assert_fits(page)

    for path in ("/", "/?search=nothing", f"/whats-on/{showtime.movie.slug}/",
                 f"/book/{showtime.pk}/", "/account/sign-up/", "/nothing/"):  # fmt: skip
        look(path)
    hold(page, house, showtime)  # nothing chosen
    assert_axe_is_content(page)
    hold(page, house, showtime, "A1", "A2")
    assert_axe_is_content(page)  # log in, with the note
    page.get_by_role("button", name="Log in").click()
    assert_axe_is_content(page)  # with errors
    log_in(page, guest.email)
    card_form(page)
    assert_axe_is_content(page)  # checkout
    assert_fits(page)
    for path in ("/bookings/", f"/bookings/{booked.reference}/",
                 f"/bookings/{booked.reference}/cancel/", "/account/"):  # fmt: skip
        look(path)
    page.close()


def test_the_keyboard_is_enough_from_the_map_to_the_card_form(page: Page, house: str) -> None:
    guest, showtime = alice(), make_showtime()
    page.goto(f"{house}/book/{showtime.pk}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio", name="2", exact=True))
    tab_to(page, seat(page, "A1"))
    page.keyboard.press("Space")
    expect(seat(page, "A2")).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(seat(page, "C10")).to_be_focused()
    page.keyboard.press("Home")
    expect(seat(page, "C1")).to_be_focused()
    page.keyboard.press("Tab")  # the map is one stop, however many seats it has
    expect(page.get_by_role("button", name="Hold these seats")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(guest.email)
    page.keyboard.press("Tab")
    page.keyboard.type("correct-horse-9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review and pay")).to_be_visible()
    assert Reservation.objects.get().labels == ["A1", "A2"]


def test_without_scripts_one_gets_as_far_as_the_card_form(browser: Browser, house: str) -> None:
    guest = alice()
    make_showtime()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(house)
    page.get_by_role("link", name="from $12.00").click()
    seat(page, "A1").check()
    page.get_by_role("button", name="Hold these seats").click()
    log_in(page, guest.email)
    expect(page.get_by_role("heading", name="Review and pay")).to_be_visible()
    expect(page.get_by_text("needs scripts")).to_be_visible()
    expect(page.locator("[data-pay]")).to_be_hidden()
    page.get_by_role("button", name="I need more time").click()
    expect(page.get_by_text("You have more time")).to_be_visible()
    page.get_by_role("button", name="Give the seats back").click()
    expect(page.get_by_text("Nothing was charged.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_seat_is_a_target_of_at_least_24_pixels(
    browser: Browser, house: str, viewport: Any
) -> None:
    wide = make_auditorium("Wide", plan=f"A  {'s' * 40}")
    page = browser.new_page(viewport=viewport)
    page.goto(f"{house}/book/{make_showtime(auditorium=wide).pk}/")
    for label in ("A1", "A20", "A40"):
        box = seat(page, label).bounding_box()
        assert min(box["width"], box["height"]) >= 24
    page.close()


def test_a_focused_seat_is_not_hidden_behind_the_choice_on_a_phone(
    browser: Browser, house: str
) -> None:
    rows = "\n".join(f"{letter}  ssssssssss" for letter in "ABCDEFGHJKLMNPQRSTUV")
    showtime = make_showtime(auditorium=make_auditorium("Deep", plan=rows))
    page = browser.new_page(viewport=NARROW)
    page.goto(f"{house}/book/{showtime.pk}/")
    seat(page, "A5").focus()
    for _row in range(19):
        page.keyboard.press("ArrowDown")
        focused = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        bar = page.locator(".booth__choice").bounding_box()
        assert focused <= bar["y"]
    page.close()


def test_twice_as_large_still_fits(browser: Browser, house: str) -> None:
    """200 % zoom of a 640 pixel window is a window of 320 (WCAG 1.4.4, 1.4.10)."""
    guest, showtime = alice(), make_showtime()
    page = browser.new_page(viewport={"width": 320, "height": 568})
    for path in ("/", f"/whats-on/{showtime.movie.slug}/", f"/book/{showtime.pk}/"):
        page.goto(f"{house}{path}")
        assert_fits(page)
    hold_and_log_in(page, house, showtime, guest, "A1")
    assert_fits(page)
    page.close()
