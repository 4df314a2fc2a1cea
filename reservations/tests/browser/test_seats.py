"""The seat map in Chromium: a party in one click, map or list, near or far, and minding others."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reservations.models import Reservation
from reservations.tests.looking import NARROW, WIDE, assert_axe_is_content, assert_fits
from reservations.tests.steps import pick, seat
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = "\n".join(f"{letter}  ssssssssss_ssssssssss" for letter in "ABCDEFGHJKLMNPQRSTUV")


def open_map(page: Page, house: str, plan: str = "", **options: Any) -> Any:
    room = {"auditorium": make_auditorium("Other", plan=plan)} if plan else {}
    showtime = make_showtime(**room, **options)
    page.goto(f"{house}/book/{showtime.pk}/")
    return showtime


def party(page: Page, size: int) -> None:
    page.get_by_role("radio", name=str(size), exact=True).check()


def chosen(page: Page) -> Any:
    return page.locator("[data-seats]")


def test_one_click_takes_the_party_another_moves_it_and_a_seat_can_be_dropped(
    page: Page, house: str, complaints: list[str]
) -> None:
    open_map(page, house)
    party(page, 4)
    seat(page, "C2").hover()
    expect(page.locator(".seat.would")).to_have_count(4)
    seat(page, "C2").click()
    expect(chosen(page)).to_have_text("C2, C3, C4, C5")
    expect(page.locator("[data-total]")).to_have_text("$60.00")
    expect(page.locator("[data-said]")).to_have_text("Chosen: C2, C3, C4, C5.")
    seat(page, "A9").click()
    expect(chosen(page)).to_have_text("A6, A7, A8, A9")
    seat(page, "A6").click()
    expect(chosen(page)).to_have_text("A7, A8, A9")
    seat(page, "A2").click()  # the fourth sits somewhere else
    expect(chosen(page)).to_have_text("A2, A7, A8, A9")


def test_who_cannot_sit_together_is_seated_in_two_clicks(page: Page, house: str) -> None:
    open_map(page, house, "A  ss_sss")
    party(page, 5)
    seat(page, "A4").click()
    expect(page.locator("[data-said]")).to_have_text("Chosen: A3, A4, A5. Still to choose: 2.")
    seat(page, "A1").click()
    expect(chosen(page)).to_have_text("A1, A2, A3, A4, A5")


def test_the_best_seats_are_shown_before_they_are_held_and_others_after_them(
    page: Page, house: str
) -> None:
    open_map(page, house, ROWS)
    party(page, 3)
    page.get_by_role("button", name="Show the best seats").click()
    expect(page.locator("[data-said]")).to_contain_text("The best seats together:")
    first = chosen(page).inner_text()
    page.get_by_role("button", name="Show other seats").click()
    expect(chosen(page)).not_to_have_text(first)
    expect(page.locator(".seat :checked")).to_have_count(3)
    assert not Reservation.objects.exists()


def test_a_seat_left_alone_is_said_at_once_and_mended_in_one_step(page: Page, house: str) -> None:
    open_map(page, house)
    pick(page, "A2", "A3")
    expect(page.locator("[data-said]")).to_contain_text("That would leave seat A1 alone")
    page.get_by_role("button", name="Move one seat left: A1, A2").click()
    expect(chosen(page)).to_have_text("A1, A2")
    page.get_by_role("button", name="Hold these seats").click()
    expect(page.get_by_text("Your seats A1, A2 are held until")).to_be_visible()


def test_without_scripts_the_same_is_said_with_a_button_that_mends_it(
    browser: Browser, house: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_map(page, house)
    seat(page, "A2").check()
    seat(page, "A3").check()
    page.get_by_role("button", name="Hold these seats").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("That would leave seat A1 alone")
    alert.get_by_role("button", name="Move one seat left: A1, A2").click()
    expect(page.get_by_text("Your seats A1, A2 are held until")).to_be_visible()
    context.close()


def test_a_wheelchair_space_brings_its_companion_seat(page: Page, house: str) -> None:
    open_map(page, house)
    seat(page, "B1").click()
    expect(chosen(page)).to_have_text("B1, B2")
    pick(page)
    seat(page, "B1").uncheck()
    expect(page.locator("[data-said]")).to_contain_text("Seat B2 is kept for whoever comes with")
    page.get_by_role("button", name="Take the wheelchair space as well: B1, B2").click()
    expect(chosen(page)).to_have_text("B1, B2")


def test_the_list_is_the_same_form_and_is_remembered(page: Page, house: str) -> None:
    showtime = open_map(page, house)
    seat(page, "C2").click()
    page.get_by_role("link", name="List").click()
    expect(chosen(page)).to_have_text("C1, C2")
    expect(page.get_by_text("Row C, seat 4, premium, $15.00, available")).to_be_visible()
    assert_fits(page)
    seat(page, "A1").click()
    expect(chosen(page)).to_have_text("A1, A2")
    page.goto(f"{page.url}?other=page")
    expect(page.get_by_role("link", name="List")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Row C, seat 4, premium, $15.00, available")).to_be_visible()
    page.goto(f"{house}/book/{showtime.pk}/?view=map")
    expect(page.get_by_role("link", name="Map")).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_whole_room_is_seen_and_a_tap_comes_near(
    browser: Browser, house: str
) -> None:
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_map(page, house, ROWS)  # four hundred seats
    width = "document.querySelector('.seat').getBoundingClientRect().width"
    assert page.evaluate(width) >= 24
    # A tap is done before the click that the browser makes of it: each is waited for.
    page.get_by_role("button", name="Whole room").tap()
    overview, frame = page.locator("#seats.is-overview"), page.locator(".auditorium__scroll")
    expect(overview).to_be_visible()
    assert frame.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    frame.tap(position={"x": 180, "y": 250})
    expect(overview).to_have_count(0)
    assert page.evaluate(width) >= 24
    expect(chosen(page)).to_have_text("None yet")  # the tap came near and took nothing
    page.get_by_role("button", name="Larger").tap()
    page.wait_for_function(f"{width} > 40")
    context.close()


def test_four_sit_together_on_a_phone_after_three_taps(browser: Browser, house: str) -> None:
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_map(page, house, ROWS)
    page.get_by_role("radio", name="4", exact=True).tap()
    page.get_by_role("button", name="Show the best seats").tap()
    expect(page.locator(".seat :checked")).to_have_count(4)
    page.get_by_role("button", name="Hold these seats").tap()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert len(Reservation.objects.get().labels) == 4
    context.close()


def test_no_state_is_told_by_colour_alone(page: Page, house: str) -> None:
    """Each state has a mark of its own, each kind a shape of its own (WCAG 1.4.1)."""
    open_map(page, house)
    marks = page.evaluate("""() => ['chosen', 'would', 'held', 'sold', 'blocked'].map((state) => {
        const one = document.querySelector('.seat.standard').cloneNode(true);
        one.classList.remove('free');
        one.classList.add(state);
        document.querySelector('.row').append(one);
        const part = (name) => getComputedStyle(one.querySelector('b'), name).content;
        return part('::before') + part('::after');
    })""")
    assert len(set(marks)) == 5
    shapes = page.evaluate("""() => [
        'standard', 'premium', 'sofa', 'restricted', 'wheelchair', 'companion'].map(
        (kind) => {
            const one = document.querySelector('.seat.standard').cloneNode(true);
            one.className = `seat ${kind} free`;
            document.querySelector('.row').append(one);
            const look = getComputedStyle(one.querySelector('b'));
            return [look.borderRadius, look.borderWidth, look.borderStyle].join(' ');
        })""")
    assert len(set(shapes)) == 6


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state_of_the_map(
    browser: Browser, house: str, viewport: Any, scheme: Any
) -> None:
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    open_map(page, house)
    pick(page, "A2", "A3")
    expect(page.get_by_role("button", name="Move one seat left: A1, A2")).to_be_visible()
    assert_axe_is_content(page)
    page.get_by_role("button", name="Whole room").click()
    assert_axe_is_content(page)
    page.get_by_role("button", name="Hold these seats").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_axe_is_content(page)
    page.get_by_role("link", name="List").click()
    page.mouse.move(0, 0)
    assert_axe_is_content(page)
    assert_fits(page)
    page.close()
