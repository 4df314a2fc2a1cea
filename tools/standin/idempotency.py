"""Idempotency keys: https://docs.stripe.com/api/idempotent_requests.

The first answer to a key is kept for a day, an error 500 included, and given again to the same
request. A request that failed its validation, or never began, leaves its key free.
"""

import json
import threading
import time
from typing import Any

from .calls import Answer, Call
from .disk import Disk
from .errors import StripeError, invalid

LIFETIME = 24 * 3600
MOST = 100_000
IN_FLIGHT = 0


class Memory:
    """What was answered to which key. `kept[key]` is `[request, path, status, body, at]`."""

    def __init__(self, disk: Disk | None = None):
        self.disk = disk
        self.lock = threading.Lock()
        self.kept: dict[str, list[Any]] = {}

    def clear(self) -> None:
        self.kept.clear()

    def begin(self, call: Call) -> Answer | None:
        """Claim the key of a call, or give the answer that it had before.

        Raises StripeError: 400 when the key was used for another request, 409 while it is in use.
        """
        key = call.idempotency_key
        if key is None or call.method != "POST":
            return None
        if len(key) > 255:
            raise invalid("Idempotency keys may have up to 255 characters.")
        request = json.dumps(call.fields.values, sort_keys=True)
        with self.lock:
            known = self.kept.get(key)
            if known is None or known[4] < time.time() - LIFETIME:
                self.kept[key] = [request, call.path, IN_FLIGHT, "", time.time()]
                return None
        return replay(known, key, request, call.path)

    def keep(self, call: Call, status: int, body: str) -> None:
        """Remember the answer. The caller holds the ledger's lock, which guards the disk."""
        key = call.idempotency_key
        if key in self.kept:
            entry = self.kept[key]
            entry[2:4] = [status, body]
            if self.disk:
                self.disk.write("idempotency", f"idempotency:{key}", json.dumps([key, entry]))
            if len(self.kept) > MOST:
                self.forget_oldest()

    def release(self, call: Call) -> None:
        """Free a key whose request never began."""
        with self.lock:
            entry = self.kept.get(call.idempotency_key or "")
            if entry and entry[2] == IN_FLIGHT:
                del self.kept[call.idempotency_key or ""]

    def forget_oldest(self) -> None:
        with self.lock:
            oldest = next(key for key, entry in self.kept.items() if entry[2] != IN_FLIGHT)
            del self.kept[oldest]
        if self.disk:
            self.disk.remove(f"idempotency:{oldest}")


def replay(known: list[Any], key: str, request: str, path: str) -> Answer:
    """The earlier answer, if the request is the same."""
    if known[1] != path:
        raise misused(
            f"Keys for idempotent requests can only be used for the same endpoint they were first"
            f" used for ('{path}' vs '{known[1]}'). Use another key than '{key}'."
        )
    if known[0] != request:
        raise misused(
            f"Keys for idempotent requests can only be used with the same parameters they were"
            f" first used with. Use another key than '{key}'."
        )
    if known[2] == IN_FLIGHT:
        raise StripeError(
            409,
            "Another request with this idempotency key is still in progress.",
            code="idempotency_key_in_use",
            remember=False,
        )
    return Answer(known[2], known[3].encode(), [("Idempotent-Replayed", "true")])


def misused(message: str) -> StripeError:
    return StripeError(400, message, kind="idempotency_error", remember=False)
