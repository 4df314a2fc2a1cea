"""The whole way to a ticket, for those who come by keyboard, by touch, or with large letters."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.tests.cast import PASSWORD, alice
from reservations.models import Reservation, State
from reservations.tests.factories import book_for
from reservations.tests.looking import NARROW, WIDE, assert_fits, tab_to
from reservations.tests.steps import GOOD, card_form, hold_and_log_in, log_in, seat, type_card
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of the element that has the focus: can it be seen, and is it marked?
FOCUS = """() => {
    const one = document.activeElement;
    if (one === document.body) return 'nothing';
    const shown = one.closest('.seat, .party__sizes label') ?? one;
    const box = shown.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
    const top = document.elementFromPoint(x, y);
    const seen = top && (shown.contains(top) || top.contains(shown));
    const marked = [one, shown, one.nextElementSibling].some((part) => {
        if (!part) return false;
        const look = getComputedStyle(part);
        return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
    });
    if (seen && marked) return 'fine';
    return `${seen ? '' : 'hidden '}${marked ? '' : 'unmarked '}${one.outerHTML.slice(0, 120)}`;
}"""
# Targets smaller than 24 px (WCAG 2.5.8), links within a sentence left out.
SMALL = """() => [...document.querySelectorAll(
        'a, button, input:not([type=hidden]), select, summary')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
    .filter(({ one, box }) => box.width > 1 && Math.min(box.width, box.height) < 24)
    .filter(({ one }) => !one.matches('a')
        || one.parentElement.textContent.trim() === one.textContent.trim())
    .map(({ one }) => one.outerHTML.slice(0, 160))"""


def test_the_keyboard_is_enough_from_what_is_on_to_the_ticket(page: Page, house: str) -> None:
    guest = alice()
    make_showtime()
    page.goto(house)
    tab_to(page, page.get_by_role("link", name="from $12.00"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio", name="2", exact=True))
    page.keyboard.press("ArrowRight")  # three
    tab_to(page, page.get_by_role("button", name="Show the best seats"))
    page.keyboard.press("Enter")
    expect(page.locator(".seat :checked")).to_have_count(3)
    tab_to(page, page.get_by_role("button", name="Hold these seats"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(guest.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, card_form(page).get_by_label("Card number"))
    for typed in (GOOD, "1234", "123"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    tab_to(page, page.locator("[data-pay]"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/bookings/*/")
    expect(page.locator(".ticket")).to_have_count(3)
    assert Reservation.objects.get().state == State.CONFIRMED


def test_touch_is_enough_from_what_is_on_to_the_ticket(browser: Browser, house: str) -> None:
    guest = alice()
    make_showtime()
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(house)
    page.get_by_role("link", name="from $12.00").tap()
    page.wait_for_url("**/book/*/")  # loaded: a tap on a seat is heard by a script
    page.get_by_role("radio", name="4", exact=True).tap()
    seat(page, "C2").tap()
    expect(page.locator("[data-seats]")).to_have_text("C2, C3, C4, C5")
    page.get_by_role("button", name="Hold these seats").tap()
    log_in(page, guest.email)
    type_card(page, GOOD)
    page.locator("[data-pay]").tap()
    page.wait_for_url("**/bookings/*/")
    expect(page.locator(".ticket")).to_have_count(4)
    context.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_whatever_has_the_focus_is_marked_and_not_hidden(
    browser: Browser, house: str, viewport: Any
) -> None:
    """WCAG 2.4.7 and 2.4.11, also beside what sticks to the edge of the screen."""
    guest = alice()
    deep = "\n".join(f"{letter}  ssssssssss" for letter in "ABCDEFGHJKLMNPQRSTUV")
    showtime = make_showtime(auditorium=make_auditorium("Deep", plan=deep))
    page = browser.new_page(viewport=viewport)
    for path in ("/", f"/whats-on/{showtime.movie.slug}/", f"/book/{showtime.pk}/"):
        page.goto(f"{house}{path}")
        assert_focus_is_fine(page)
    hold_and_log_in(page, house, showtime, guest, "A1", "A2")
    card_form(page)
    assert_focus_is_fine(page, most=12)
    page.close()


def assert_focus_is_fine(page: Page, most: int = 40) -> None:
    for presses in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found == "nothing":  # once round
            assert presses, page.url
            return
        if "<iframe" not in found:
            assert found == "fine", page.url


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_target_on_the_way_is_at_least_24_pixels(
    browser: Browser, house: str, stripe_standin: Any, viewport: Any
) -> None:
    guest, showtime = alice(), make_showtime()
    small = make_auditorium("Two", plan="A  ss")
    booked = book_for(stripe_standin, guest, make_showtime(auditorium=small), "A1", "A2")
    page = browser.new_page(viewport=viewport)
    for path in ("/", f"/whats-on/{showtime.movie.slug}/", f"/book/{showtime.pk}/",
                 f"/book/{showtime.pk}/?view=list", f"/book/{showtime.pk}/?view=map"):  # fmt: skip
        page.goto(f"{house}{path}")
        assert page.evaluate(SMALL) == [], path
    hold_and_log_in(page, house, showtime, guest, "A1", "A2")
    assert page.evaluate(SMALL) == [], "checkout"
    for path in ("/bookings/", f"/bookings/{booked.reference}/"):
        page.goto(f"{house}{path}")
        assert page.evaluate(SMALL) == [], path
    page.close()


def test_twice_as_large_nothing_is_lost(browser: Browser, house: str) -> None:
    """200 % of a window of 1280 is one of 640: nothing but the map scrolls aside."""
    guest, showtime = alice(), make_showtime()
    page = browser.new_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    for view in ("map", "list"):
        page.goto(f"{house}/book/{showtime.pk}/?view={view}")
        assert_fits(page)
        for name in ("Show the best seats", "Hold these seats"):
            expect(page.get_by_role("button", name=name)).to_be_visible()
        expect(page.locator("[data-total]")).to_be_visible()
    hold_and_log_in(page, house, showtime, guest, "A1", "A2")
    assert_fits(page)
    page.close()
