"""The browser script stands in for Stripe.js: a checkout page under a strict CSP pays with it."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, FrameLocator, Page, Request, expect

from tools.standin.process import Running

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checkout</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{stripe}/stripe.js" defer></script><script src="/shop.js" defer></script></head>
<body><main><h1>Checkout</h1><form data-secret="{secret}"><div id="card"></div>
<button id="pay">Pay</button></form><p id="said" role="alert"></p></main></body></html>"""
SCRIPT = """
const form = document.querySelector("form");
const wishes = new URLSearchParams(location.search);
const theme = wishes.get("theme") ?? "stripe";
const stripe = Stripe("pk_test_standin");
const appearance = { theme, variables: { colorPrimary: wishes.get("color") ?? "#0b5fd0" } };
const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance, locale: "en" });
const payment = elements.create("payment", { layout: "tabs" });
const said = document.getElementById("said");
window.heard = [];
for (const kind of ["ready", "change", "focus", "blur", "loaderror"]) {
  payment.on(kind, (event) => window.heard.push([kind, event]));
}
payment.on("ready", () => (form.dataset.ready = "true"));
payment.on("loaderror", ({ error }) => (said.textContent = error.code));
payment.mount("#card");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  const { error: mistake } = await elements.submit();
  if (mistake) {
    said.textContent = mistake.code;
    return;
  }
  const { error, paymentIntent } = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: `${location.origin}/back?reference=ABC` },
    redirect: wishes.get("redirect") ?? "if_required",
  });
  said.textContent = error ? `${error.type} ${error.message}` : paymentIntent.status;
});
"""
POLICY = (
    "default-src 'none'; script-src 'self' {stripe}; frame-src {stripe}; connect-src {stripe};"
    " style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
)
Open = Callable[..., FrameLocator]


@pytest.fixture
def shop(standin: Running) -> Iterator[dict[str, str]]:
    """A checkout page under a strict policy. `secret` is what it is given."""
    standin.reset()
    told = {"secret": "", "stripe": standin.url}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = self.path.endswith(".js")
            body = SCRIPT if script else PAGE.format(**told)
            self.send_response(200)
            kind = "text/javascript" if script else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(**told))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: Any) -> None:
            """Tests need no log of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    told["url"] = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser finds wrong with the scripts or their policy: nothing."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def opened(page: Page, shop: dict[str, str], standin: Running, complaints: list[str]) -> Open:
    """Open the checkout of a fresh intent; answers the frame with the card form."""

    def open_page(query: str = "", **more: Any) -> FrameLocator:
        params: dict[str, Any] = {"amount": 2400, "currency": "usd", "capture_method": "manual"}
        intent = standin.call("POST", "/v1/payment_intents", **(params | more))
        shop["secret"] = intent["client_secret"]
        page.goto(f"{shop['url']}/?{query}")
        expect(page.locator("form[data-ready]")).to_be_visible()
        form = page.frame_locator("#card iframe")
        form.locator("body").wait_for_function("body => innerHeight === body.offsetHeight")
        return form

    return open_page


def fill(form: FrameLocator, number: str, expiry: str = "12 34", code: str = "123") -> None:
    form.get_by_label("Card number").press_sequentially(number)
    form.get_by_label("Expiration date").press_sequentially(expiry)
    form.get_by_label("Security code").press_sequentially(code)


def pay(page: Page, form: FrameLocator, number: str) -> None:
    fill(form, number)
    page.get_by_role("button", name="Pay").click()


def said(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#said")).to_have_text(text)


def bank(page: Page) -> FrameLocator:
    """The bank's question, loaded: before that its script hears no key."""
    question = page.frame_locator("dialog iframe")
    asked = question.locator("body[data-state=asked]")
    asked.wait_for_function("() => document.readyState === 'complete'")
    return question


def status(standin: Running) -> str:
    [(only, _)] = standin.state()["payment_intents"].items()
    return str(only)


def test_a_card_pays(page: Page, opened: Open, standin: Running) -> None:
    pay(page, opened(), "4242424242424242")
    said(page, "requires_capture")
    assert status(standin) == "requires_capture"
    heard = page.evaluate("window.heard")
    assert heard[0] == ["ready", {"elementType": "payment"}]
    kinds = {kind for kind, _ in heard}
    assert {"change", "focus", "blur"} <= kinds
    last = [event for kind, event in heard if kind == "change"][-1]
    assert (last["complete"], last["empty"], last["value"]) == (True, False, {"type": "card"})


def test_the_card_number_never_meets_the_page(page: Page, opened: Open, standin: Running) -> None:
    seen: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        seen.append((request.frame.url, f"{request.url} {request.post_data}"))

    page.on("request", note)
    pay(page, opened(), "4242424242424242")
    said(page, "requires_capture")
    [told] = [frame for frame, text in seen if "4242424242424242" in text]
    assert told.startswith(standin.url)
    assert "4242 4242" not in page.content()


def test_a_declined_card_says_so_and_another_one_pays(page: Page, opened: Open) -> None:
    form = opened()
    pay(page, form, "4000000000000002")
    said(page, "card_error Your card was declined.")
    form.get_by_label("Card number").fill("")
    form.get_by_label("Card number").press_sequentially("5555555555554444")
    page.get_by_role("button", name="Pay").click()
    said(page, "requires_capture")


def test_a_wrong_security_code_is_shown_at_its_field(page: Page, opened: Open) -> None:
    form = opened()
    pay(page, form, "4000000000000127")
    said(page, "card_error Your card's security code is incorrect.")
    expect(form.get_by_label("Security code")).to_have_attribute("aria-invalid", "true")


def test_authentication_passed_pays(page: Page, opened: Open) -> None:
    pay(page, opened(), "4000002500003155")
    expect(bank(page).get_by_text("24.00 usd")).to_be_visible()
    bank(page).get_by_role("button", name="Complete").click()
    said(page, "requires_capture")
    expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_authentication_failed_does_not_pay(
    page: Page, opened: Open, standin: Running, way: str
) -> None:
    pay(page, opened(), "4000002760003184")
    expect(bank(page).get_by_role("button", name="Fail")).to_be_visible()
    if way == "button":
        bank(page).get_by_role("button", name="Fail").click()
    else:
        page.keyboard.press("Escape")
    said(page, re.compile("failed authentication"))
    assert status(standin) == "requires_payment_method"


def test_a_card_may_be_declined_after_authentication(page: Page, opened: Open) -> None:
    pay(page, opened(), "4000008400001629")
    bank(page).get_by_role("button", name="Complete").click()
    said(page, "card_error Your card was declined.")


def test_the_page_is_left_for_the_return_address(page: Page, opened: Open) -> None:
    pay(page, opened("redirect=always"), "4242424242424242")
    page.wait_for_url("**/back?**")
    query = parse_qs(urlsplit(page.url).query)
    assert query["reference"] == ["ABC"]
    assert query["redirect_status"] == ["succeeded"]
    assert query["payment_intent_client_secret"][0].startswith(query["payment_intent"][0])


def test_a_slow_bank_leaves_the_payment_processing(page: Page, opened: Open) -> None:
    pay(page, opened(), "4000000000001976")
    said(page, "processing")


def test_no_answer_is_told_as_trouble_on_the_way(
    page: Page, opened: Open, standin: Running
) -> None:
    form = opened()
    standin.fault("POST /v1/payment_intents/*/confirm", "cut", times=1)
    pay(page, form, "4242424242424242")
    said(page, re.compile("^api_connection_error"))
    page.get_by_role("button", name="Pay").click()
    said(page, "requires_capture")


def test_a_page_may_confirm_without_a_form(page: Page, opened: Open) -> None:
    opened()
    result = page.evaluate(
        "stripe.confirmPayment({ clientSecret: form.dataset.secret, redirect: 'if_required',"
        " confirmParams: { payment_method: 'pm_card_visa', receipt_email: 'a@example.org' } })"
    )
    assert result["paymentIntent"]["status"] == "requires_capture"
    assert result["paymentIntent"]["receipt_email"] == "a@example.org"
    seen = page.evaluate("stripe.retrievePaymentIntent(form.dataset.secret)")
    assert seen["paymentIntent"] == result["paymentIntent"]


def test_what_the_server_confirmed_is_authenticated_in_the_page(
    page: Page, opened: Open, standin: Running
) -> None:
    opened()
    [intent] = standin.call("GET", "/v1/payment_intents")["data"]
    standin.confirm(intent["id"], "pm_card_authenticationRequired")
    page.evaluate(
        "void stripe.handleNextAction({ clientSecret: form.dataset.secret })"
        ".then(({ paymentIntent }) => (said.textContent = paymentIntent.status))"
    )
    bank(page).get_by_role("button", name="Complete").click()
    said(page, "requires_capture")


def test_an_unknown_secret_is_a_load_error(
    page: Page, shop: dict[str, str], complaints: list[str]
) -> None:
    shop["secret"] = "pi_unknown_secret_unknown"
    page.goto(shop["url"])
    said(page, "resource_missing")


@pytest.mark.parametrize(
    ("number", "expiry", "code", "problem", "label"),
    [
        ("", "12 34", "123", "incomplete_number", "Card number"),
        ("424242424242", "12 34", "123", "incomplete_number", "Card number"),
        ("4242424242424241", "12 34", "123", "invalid_number", "Card number"),
        ("4242424242424242", "12", "123", "incomplete_expiry", "Expiration date"),
        ("4242424242424242", "01 20", "123", "invalid_expiry_year_past", "Expiration date"),
        ("4242424242424242", "13 34", "123", "invalid_expiry_month", "Expiration date"),
        ("4242424242424242", "12 34", "12", "incomplete_cvc", "Security code"),
        ("378282246310005", "12 34", "123", "incomplete_cvc", "Security code"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_sent(
    page: Page, opened: Open, standin: Running,
    number: str, expiry: str, code: str, problem: str, label: str,
) -> None:  # fmt: skip
    form = opened()
    fill(form, number, expiry, code)
    page.get_by_role("button", name="Pay").click()
    said(page, problem)
    field = form.get_by_label(label)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()[-1]
    expect(form.locator(f"#{described}")).not_to_be_empty()
    assert not [call for call in standin.calls() if "confirm" in call["path"]]


def test_a_button_stays_under_the_finger_that_presses_it(page: Page, opened: Open) -> None:
    """A field that is left shows its mistake and makes the form higher: only after the press."""
    began = datetime(2026, 11, 22, 12, tzinfo=UTC)
    page.clock.install(time=began)
    form = opened()
    fill(form, "4242424242424242", code="12")
    page.get_by_role("button", name="Pay").hover()
    page.clock.pause_at(began + timedelta(hours=1))
    page.mouse.down()
    page.clock.run_for(100)  # milliseconds, however busy the machine is
    expect(form.locator("#cvc-error")).to_be_empty()
    page.mouse.up()
    said(page, "incomplete_cvc")


def test_a_field_that_is_left_shows_its_mistake(page: Page, opened: Open) -> None:
    form = opened()
    form.get_by_label("Card number").press_sequentially("4242")
    form.get_by_label("Security code").focus()
    expect(form.get_by_text("number is incomplete")).to_be_visible()
    form.get_by_label("Card number").press_sequentially("424242424242")
    expect(form.get_by_text("number is incomplete")).not_to_be_visible()


def test_numbers_come_in_groups_and_the_caret_stays(page: Page, opened: Open) -> None:
    number = opened().get_by_label("Card number")
    number.press_sequentially("42424242x42424242")
    expect(number).to_have_value("4242 4242 4242 4242")
    for _ in range(6):
        number.press("ArrowLeft")
    number.press("Backspace")
    number.press_sequentially("9")
    expect(number).to_have_value("4242 4242 4292 4242")
    number.fill("378282246310005")
    expect(number).to_have_value("3782 822463 10005")


def test_dates_are_completed_while_typing(page: Page, opened: Open) -> None:
    expiry = opened().get_by_label("Expiration date")
    expiry.press_sequentially("734")
    expect(expiry).to_have_value("07 / 34")
    expiry.fill("12/2034")
    expect(expiry).to_have_value("12 / 34")


def test_a_test_card_is_one_click_away(page: Page, opened: Open) -> None:
    form = opened()
    expect(form.get_by_text("No real card is charged")).to_be_visible()
    form.get_by_role("button", name="Fill in a test card").click()
    page.get_by_role("button", name="Pay").click()
    said(page, "requires_capture")


def test_the_keyboard_is_enough(page: Page, opened: Open) -> None:
    opened().get_by_label("Card number").focus()
    page.keyboard.type("4242424242424242")
    page.keyboard.press("Tab")
    page.keyboard.type("1234")
    page.keyboard.press("Tab")
    page.keyboard.type("123")
    page.keyboard.press("Enter")
    said(page, "requires_capture")


def test_the_frame_is_as_high_as_its_form(page: Page, opened: Open) -> None:
    form = opened()
    for step in ("begin", "errors", "list"):
        if step == "errors":
            page.get_by_role("button", name="Pay").click()
            expect(form.get_by_text("number is incomplete")).to_be_visible()
        elif step == "list":
            form.get_by_text("Other test cards").click()
        height = form.locator("body").evaluate("body => body.offsetHeight")
        expect(page.locator("#card iframe")).to_have_css("height", f"{height}px")


def test_the_form_wears_what_the_page_wants(page: Page, opened: Open) -> None:
    form = opened("theme=night&color=rgb(1,2,3)")
    expect(form.locator("html")).to_have_attribute("data-theme", "night")
    expect(form.get_by_text("Fill in a test card")).to_have_css("color", "rgb(1, 2, 3)")
    page.evaluate("elements.update({ appearance: { theme: 'stripe' } })")
    expect(form.locator("html")).to_have_attribute("data-theme", "stripe")


def test_messages_of_others_are_not_heard(page: Page, opened: Open) -> None:
    opened()
    before = page.locator("#card iframe").evaluate("frame => frame.offsetHeight")
    # Whoever listens last hears it when the stand-in's script has heard it.
    page.evaluate("""new Promise((heard) => {
        addEventListener("message", ({ data }) => data.height === 9999 && heard());
        postMessage({ standin: "resize", height: 9999 }, "*");
    })""")
    assert page.locator("#card iframe").evaluate("frame => frame.offsetHeight") == before


@pytest.mark.parametrize(("theme", "width"), [("stripe", 1280), ("night", 390)])
def test_everyone_can_use_it(page: Page, opened: Open, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    form = opened(f"theme={theme}&color={'%238ab8ff' if theme == 'night' else '%230b5fd0'}")
    accessible(page, "form")
    page.get_by_role("button", name="Pay").click()
    expect(form.get_by_text("number is incomplete")).to_be_visible()
    form.get_by_text("Other test cards").click()
    form.get_by_text("4000 0025").hover()
    accessible(page, "mistakes")
    form.get_by_text("4000 0025").click()
    page.get_by_role("button", name="Pay").click()
    expect(bank(page).get_by_role("button", name="Complete")).to_be_visible()
    accessible(page, "bank")


def accessible(page: Page, where: str) -> None:
    """axe finds nothing, in the page and in its frames.

    The frames are transparent: axe is told the colour that is behind them. Their heading is the
    page's.
    """
    for frame in page.frames[1:]:
        frame.wait_for_load_state("load")
        frame.evaluate(
            "document.body.style.background = getComputedStyle(document.documentElement)"
            ".getPropertyValue('--colorBackground') || 'white'"
        )
    for frame in page.frames:
        rules = {"page-has-heading-one": {"enabled": frame.parent_frame is None}}
        results = Axe().run(frame, options={"rules": rules})
        assert results.violations_count == 0, f"{where}: {results.generate_report()}"
