"""For the browser tests: a house with its doors open, and an ear for what Chromium complains of."""

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page


@pytest.fixture
def house(live_server: Any, stripe_standin: Any, settings: Any) -> str:
    """The address of a running product that pays at the stand-in, with its own strict CSP."""
    settings.RATE_LIMITS = False
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    for directive in ("script-src", "connect-src", "frame-src"):
        policy["DIRECTIVES"][directive] += [stripe_standin.url]
    settings.CONTENT_SECURITY_POLICY = policy
    return str(live_server.url)


@pytest.fixture
def complaints(page: "Page") -> Iterator[list[str]]:
    """What scripts or their policy find wrong; a test that asks for this ends with nothing heard.

    Answers like 409 are refusals with a page, which the browser reports as failed resources.
    """
    heard: list[str] = []

    def hear(message: "ConsoleMessage") -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []
