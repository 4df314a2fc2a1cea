"""What a guest does in the browser, step by step."""

from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from accounts.tests.cast import PASSWORD

DECLINED = "4000000000000002"
GOOD = "4242424242424242"
ASKS_THE_BANK = "4000002500003155"
SLOW = "4000000000001976"


def seat(page: Page, label: str) -> Any:
    return page.locator(f"input[type=checkbox][name=seats][value={label}]")


def pick(page: Page, *labels: str) -> None:
    """Exactly these seats, one by one."""
    page.get_by_label("One by one").check()
    for label in labels:
        seat(page, label).check()


def hold(page: Page, house: str, showtime: Any, *labels: str) -> None:
    page.goto(f"{house}/book/{showtime.pk}/")
    pick(page, *labels)
    page.get_by_role("button", name="Hold these seats").click()


def log_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def hold_and_log_in(page: Page, house: str, showtime: Any, guest: Any, *labels: str) -> None:
    hold(page, house, showtime, *labels)
    log_in(page, guest.email)
    expect(page.get_by_role("heading", name="Review and pay")).to_be_visible()
    page.wait_for_load_state("load")


def card_form(page: Page) -> FrameLocator:
    """The card form, once its frame has loaded, its fields are ready and its height is final.

    Before that a key that is pressed in it is lost, and Tab leaves it.
    """
    frame = page.locator("[data-element] iframe")
    frame.scroll_into_view_if_needed()  # a frame out of sight is not measured
    form = frame.content_frame
    expect(form.locator("form[aria-busy=false]")).to_be_visible()
    form.locator("body").wait_for_function("body => innerHeight === body.offsetHeight")
    return form


def type_card(page: Page, number: str) -> None:
    form = card_form(page)
    for label, typed in (("Card number", number), ("Expiration date", "1234"), ("Security", "123")):
        field = form.get_by_label(label)
        field.fill("")
        field.press_sequentially(typed)


def pay(page: Page, number: str) -> None:
    type_card(page, number)
    page.locator("[data-pay]").click()
