"""One's account and bookings: axe finds nothing, and keyboard or no scripts are enough."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.tests.cast import PASSWORD, TEST, alice
from accounts.tests.mailbox import delivered, link_in
from reservations import checkout
from reservations.models import Reservation, State
from reservations.tests.factories import book_for
from reservations.tests.looking import NARROW, WIDE, assert_axe_is_content, assert_fits, tab_to
from reservations.tests.steps import log_in
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "a-lantern-and-a-reel"


def sold(stripe: Any, guest: Any, room: str, *labels: str) -> Reservation:
    showtime = make_showtime(auditorium=make_auditorium(room))
    return book_for(stripe, guest, showtime, *labels)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_an_account(
    browser: Browser, house: str, stripe_standin: Any, viewport: Any, scheme: Any
) -> None:
    guest = alice()
    sale = sold(stripe_standin, guest, "One", "A1", "A2", "C1")
    single = sold(stripe_standin, guest, "Two", "A1")
    checkout.cancel(sale, ["C1"], now=sale.created_at, by=TEST)
    page = browser.new_page(viewport=viewport, color_scheme=scheme)

    def look(path: str = "") -> None:
        if path:
            page.goto(f"{house}{path}")
        assert_axe_is_content(page)
        assert_fits(page)

    for path in ("/find/", "/account/reset/", "/account/reset/sent/", "/account/reset/MQ/x/",
                 f"/find/{sale.reference}/x/", "/account/email/x/"):  # fmt: skip
        look(path)
    page.goto(f"{house}/find/")
    page.get_by_role("button", name="Show the tickets").click()
    look()  # with errors by the fields
    find(page, house, "0000000000")
    look()  # with an error of the whole
    find(page, house, sale.reference)
    look()  # found
    page.get_by_role("button", name="Send me a link").click()
    look()  # with the note
    page.goto(house + link_in(delivered()[-1]))
    look()  # to cancel, by the link
    page.goto(f"{house}/account/reset/")
    page.get_by_label("E-mail").fill(guest.email)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(house + link_in(delivered()[-1]))
    look()  # a new password
    page.get_by_role("button", name="Set the password").click()
    look()  # none given
    page.goto(f"{house}/account/log-in/")
    log_in(page, guest.email)
    for path in ("/bookings/", f"/bookings/{sale.reference}/",
                 f"/bookings/{sale.reference}/cancel/", f"/bookings/{single.reference}/cancel/",
                 "/account/", "/account/password/", "/account/email/", "/account/email/sent/",
                 "/account/erase/"):  # fmt: skip
        look(path)
    guest.saved_needs = "wheelchair companion captions"
    guest.save()
    special = make_showtime(auditorium=make_auditorium("Three", plan="A  ssss\nB  wc_ss"))
    look(f"/book/{special.pk}/")
    expect(page.get_by_role("button", name="Take B1, B2")).to_be_visible()
    look("/")
    expect(page.get_by_role("link", name="only showtimes with captions")).to_be_visible()
    page.goto(f"{house}/bookings/{sale.reference}/cancel/")
    page.get_by_role("button", name="Give the ticked seats back").click()
    look()  # nothing was ticked
    page.goto(f"{house}/account/erase/")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Erase my account").click()
    look()
    page.close()


def find(page: Page, house: str, reference: str) -> None:
    page.goto(f"{house}/find/")
    page.get_by_label("Reference").fill(reference)
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_role("button", name="Show the tickets").click()


def test_the_page_says_what_comes_back_before_the_seats_go(
    page: Page, house: str, stripe_standin: Any, complaints: list[str]
) -> None:
    guest = alice()
    sale = sold(stripe_standin, guest, "One", "A1", "A2", "C1")
    page.goto(f"{house}/bookings/{sale.reference}/cancel/")
    log_in(page, guest.email)
    expect(page.locator("[data-sum]")).to_have_text("No seat is ticked yet.")
    page.get_by_role("checkbox", name="A1").check()
    expect(page.locator("[data-sum]")).to_have_text("You get $12.00 back.")
    page.get_by_role("checkbox", name="C1").check()
    expect(page.locator("[data-sum]")).to_have_text("You get $27.00 back.")
    page.get_by_role("button", name="Give the ticked seats back").dblclick()
    expect(page.get_by_text("Refund of $27.00:")).to_be_visible()
    expect(page.locator(".ticket")).to_have_count(1)


def test_the_keyboard_is_enough_to_give_a_seat_back(
    page: Page, house: str, stripe_standin: Any
) -> None:
    guest = alice()
    sale = sold(stripe_standin, guest, "One", "A1", "A2")
    page.goto(f"{house}/bookings/{sale.reference}/")
    log_in(page, guest.email)
    tab_to(page, page.get_by_role("link", name="Cancel some or all seats"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("checkbox", name="A2"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Give the ticked seats back"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Given back: A2. Your other seats are still yours.")).to_be_visible()
    assert Reservation.objects.get().labels == ["A1"]


def test_without_scripts_one_finds_gives_back_resets_and_leaves(
    browser: Browser, house: str, stripe_standin: Any
) -> None:
    guest = alice()
    sale = sold(stripe_standin, guest, "One", "A1", "A2")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    find(page, house, sale.reference)
    expect(page.locator(".ticket")).to_have_count(2)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(house + link_in(delivered()[-1]))
    expect(page.locator("[data-sum]")).to_be_hidden()
    page.get_by_role("checkbox", name="A2").check()
    page.get_by_role("button", name="Give the ticked seats back").click()
    expect(page.get_by_text("Given back: A2. Your other seats")).to_be_visible()
    page.goto(f"{house}/account/log-in/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(guest.email)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(house + link_in(delivered()[-1]))
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_label("E-mail").fill(guest.email)
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{house}/account/")
    page.get_by_role("checkbox", name="More time to book").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("checkbox", name="More time to book")).to_be_checked()
    page.get_by_role("link", name="Erase my account").click()
    page.get_by_label("Your password").fill(NEW)
    page.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_text("Your account is erased.")).to_be_visible()
    guest.refresh_from_db()
    assert not guest.is_active
    assert Reservation.objects.get().state == State.CONFIRMED
    context.close()


def test_a_password_may_be_pasted(page: Page, house: str) -> None:
    """WCAG 3.3.8: nobody has to remember or to type it."""
    guest = alice()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{house}/account/log-in/")
    page.evaluate("words => navigator.clipboard.writeText(words)", PASSWORD)
    page.get_by_label("E-mail").fill(guest.email)
    page.get_by_label("Password").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Account")).to_be_visible()
