"""What is looked at on every page in the browser: axe, the width, who has the focus."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# The pointer hovers over what a new layout put under it only from the next frame on, and then the
# colours begin to change.
SETTLED = """async () => {
    const moving = () => document.getAnimations().filter((one) =>
        one.playState === 'running' && one.effect.getTiming().iterations !== Infinity);
    await document.fonts.ready;
    do {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        await Promise.allSettled(moving().map((one) => one.finished));
    } while (moving().length);
}"""


def assert_axe_is_content(page: Page) -> None:
    # A click only begins to load the next page; colours are looked at when they have settled.
    page.wait_for_load_state("load")
    page.evaluate(SETTLED)
    # Preloading reads style sheets in a way that a strict CSP forbids; no rule here needs it.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    told = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
    assert told == [], page.url


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen (WCAG 1.4.10); the seat map scrolls in its own frame."""
    page.wait_for_load_state("load")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url  # type: ignore[index]


def tab_to(page: Page, wanted: Any, most: int = 60) -> None:
    # Enter only begins to load the next page; keys are pressed when its scripts hear them.
    wanted.wait_for(state="attached")
    page.wait_for_load_state("load")
    for _press in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by Tab")
