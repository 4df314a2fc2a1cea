"""Guests who do not give up: whatever breaks, they ask again until they are told something."""

from __future__ import annotations

import base64
import itertools
import json
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.wire import Wire

STANDIN_KEY = "sk_test_standin"
PAUSE = 0.2  # seconds before asking again
# No answer, still deciding, too many, away: they tell nothing yet.
UNTOLD = (0, 202, 429, 503)
PATIENCE = 90.0


class Guest:
    """One guest at one or several doors of the product, asking at each in turn.

    `statuses` counts every answer, 0 for a connection that broke.
    """

    def __init__(
        self, urls: Sequence[str], stripe_url: str, token: str, *, timeout: float = 30.0
    ) -> None:
        self.doors = itertools.cycle([Wire(url, timeout=timeout) for url in urls])
        self.stripe = Wire(stripe_url)
        self.token = token
        self.id = guest_id(token)
        self.statuses: Counter[int] = Counter()

    def hold(self, showtime: int, seats: Sequence[str], **how: Any) -> tuple[int, Any]:
        wish = {"showtimeId": showtime, "seats": list(seats)}
        return self.ask("POST", "/payment/create-payment-intent", wish, **how)

    def pay(self, intent_id: str, card: str = "pm_card_visa") -> int:
        """Authorise the card, as the browser does at Stripe; 200, or Stripe's refusal."""
        path = f"/v1/payment_intents/{intent_id}/confirm"
        while True:
            status, _body = self.stripe.form(
                path, key=STANDIN_KEY, once=f"pay-{intent_id}-{card}", payment_method=card
            )
            if status:
                return status
            time.sleep(PAUSE)

    def settle(self, intent_id: str, **how: Any) -> tuple[int, Any]:
        return self.ask("POST", "/reservations", {"paymentIntentId": intent_id}, **how)

    def cancel(self, reservation_id: int, **how: Any) -> tuple[int, Any]:
        return self.ask("DELETE", f"/reservations/{reservation_id}", **how)

    def ask(
        self, method: str, path: str, body: Any = None, *, patience: float = PATIENCE
    ) -> tuple[int, Any]:
        """The first answer that tells something, or the last one after so many seconds."""
        until = time.monotonic() + patience
        while True:
            status, answer = next(self.doors).json(method, path, body, token=self.token)
            self.statuses[status] += 1
            if status not in UNTOLD or time.monotonic() > until:
                return status, answer
            time.sleep(PAUSE)


def guest_id(token: str) -> int:
    """The key of the guest whose token this is. The signature is for the product to check."""
    claims = token.split(".")[1]
    return int(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["user_id"])
