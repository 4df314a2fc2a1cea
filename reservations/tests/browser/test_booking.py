"""A guest's whole way in Chromium, and what may go wrong on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.tests.cast import alice, bob
from payments.models import Payment
from reservations.models import Reservation, State
from reservations.tests.factories import hold_for
from reservations.tests.steps import (
    ASKS_THE_BANK,
    DECLINED,
    GOOD,
    SLOW,
    hold,
    hold_and_log_in,
    log_in,
    pay,
    pick,
    seat,
    type_card,
)
from showtimes.tests.factories import make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_a_guest_finds_a_movie_chooses_seats_pays_and_holds_tickets(
    browser: Browser, house: str, screen: dict[str, Any]
) -> None:
    guest = alice()
    showtime = make_showtime()
    context = browser.new_context(**screen)
    page = context.new_page()
    page.goto(house)
    page.get_by_role("link", name="from $12.00").click()
    page.wait_for_url("**/book/*/")
    pick(page, "C6", "C7")
    expect(page.locator("[data-seats]")).to_have_text("C6, C7")
    expect(page.locator("[data-total]")).to_have_text("$30.00")
    page.get_by_role("button", name="Hold these seats").click()
    expect(page.get_by_text("Your seats C6, C7 are held until")).to_be_visible()
    log_in(page, guest.email)
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")
    expect(page.locator(".ticket")).to_have_count(2)
    expect(page.get_by_role("img", name="Ticket for seat C6")).to_be_visible()
    reservation = Reservation.objects.get()
    assert (reservation.state, reservation.showtime) == (State.CONFIRMED, showtime)
    context.close()


def test_scripts_and_policy_have_nothing_to_complain_of(
    page: Page, house: str, complaints: list[str]
) -> None:
    guest, showtime = alice(), make_showtime()
    hold_and_log_in(page, house, showtime, guest, "A1")
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")
    page.goto(f"{house}/account/")
    page.goto(f"{house}/whats-on/{showtime.movie.slug}/")
    page.goto(f"{house}/nothing/")


def test_a_declined_card_keeps_the_seats_and_another_one_pays(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    pay(page, DECLINED)
    expect(page.locator("[data-error]")).to_have_text("Your card was declined.")
    assert Reservation.objects.get().state == State.HELD
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")


def test_the_bank_may_ask_the_guest(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    pay(page, ASKS_THE_BANK)
    page.frame_locator("dialog iframe").get_by_role("button", name="Complete").click()
    page.wait_for_url("**/bookings/*/")


def test_a_double_click_pays_once(page: Page, house: str, stripe_standin: Any) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    type_card(page, GOOD)
    page.locator("[data-pay]").dblclick()
    page.wait_for_url("**/bookings/*/")
    confirms = [call for call in stripe_standin.calls() if call["path"].endswith("/confirm")]
    assert len(confirms) == 1
    assert Payment.objects.get().amount_captured == 1200


def test_while_nobody_knows_whether_the_money_was_taken_the_page_says_so_and_waits(
    page: Page, house: str, stripe_standin: Any
) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "error")
    pay(page, GOOD)
    waiting = page.get_by_role("heading", name="Checking your payment")
    expect(waiting).to_be_visible()
    page.reload()
    expect(waiting).to_be_visible()
    stripe_standin.clear_faults()
    page.wait_for_url("**/bookings/*/")  # by itself


def test_a_bank_that_takes_its_time_is_waited_for(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    pay(page, SLOW)
    page.wait_for_url("**/bookings/*/")


def test_the_second_of_two_browsers_is_offered_the_nearest_seats(
    browser: Browser, page: Page, house: str
) -> None:
    showtime = make_showtime()
    page.goto(f"{house}/book/{showtime.pk}/")
    pick(page, "A3", "A4")
    other = browser.new_page()
    hold(other, house, showtime, "A4", "A5")
    expect(other.get_by_role("heading", name="Log in")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Hold these seats").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("A4 just went to somebody else.")
    expect(seat(page, "A3")).to_be_checked()
    alert.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert Reservation.objects.count() == 2


def test_the_map_looks_by_itself_what_has_gone_and_leaves_the_choice_alone(
    page: Page, house: str
) -> None:
    showtime = make_showtime()
    page.clock.install()
    page.goto(f"{house}/book/{showtime.pk}/")
    # What the choice means for others is asked a moment after it, and also says something.
    with page.expect_response("**/*seats=A1,A5*"):
        pick(page, "A1", "A5")
    hold_for(bob(), showtime, "A4", "A5")
    page.clock.fast_forward(11_000)
    expect(seat(page, "A4")).to_be_disabled()
    expect(page.get_by_label("Row A, seat 4, standard, held by somebody")).to_be_disabled()
    expect(seat(page, "A5")).not_to_be_checked()
    expect(seat(page, "A1")).to_be_checked()
    expect(page.locator("[data-said]")).to_have_text("Just went to somebody else: A5")
    expect(page.locator("[data-total]")).to_have_text("$12.00")


def test_time_is_told_early_and_can_be_had_without_losing_the_card_form(
    page: Page, house: str
) -> None:
    page.clock.install()
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    expect(page.locator(".leader")).to_be_visible()
    page.clock.fast_forward("08:05")
    said = page.locator(".hold [data-said]")
    expect(said).to_have_text("Two minutes left. Ask for more time if you need it.")
    page.get_by_role("button", name="I need more time").click()
    expect(said).to_contain_text("You have more time")
    assert Reservation.objects.get().extensions == 1


def test_a_hold_that_is_over_offers_the_same_seats_in_one_click(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1", "A2")
    Reservation.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    page.reload()
    expect(page.get_by_role("heading", name="Nothing was charged")).to_be_visible()
    page.get_by_role("button", name="Take A1, A2 again").click()
    expect(page.get_by_role("heading", name="Review and pay")).to_be_visible()


def test_who_pays_a_moment_late_has_the_seats_if_nobody_took_them(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1", "A2")
    type_card(page, GOOD)
    Reservation.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    page.locator("[data-pay]").click()
    page.wait_for_url("**/bookings/*/")
    assert Reservation.objects.get().state == State.CONFIRMED


def test_who_pays_too_late_is_told_that_nothing_was_charged(page: Page, house: str) -> None:
    showtime = make_showtime()
    hold_and_log_in(page, house, showtime, alice(), "A1", "A2")
    type_card(page, GOOD)
    Reservation.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    hold_for(bob(), showtime, "A2")
    page.locator("[data-pay]").click()
    expect(page.get_by_text("Nothing was charged").first).to_be_visible()
    assert Payment.objects.get().amount_captured == 0


def test_a_booking_is_called_off_and_refunded(page: Page, house: str) -> None:
    hold_and_log_in(page, house, make_showtime(), alice(), "A1")
    pay(page, GOOD)
    page.get_by_role("link", name="Cancel this booking").click()
    page.get_by_role("button", name="Cancel everything").click()
    expect(page.get_by_text("Refund of $12.00:")).to_be_visible()
    expect(page.locator(".ticket")).to_have_count(0)
