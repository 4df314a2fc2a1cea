"""Carrying events to the shop's webhook endpoint: signed, retried, and troubled on demand."""

import heapq
import http.client
import itertools
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from .faults import Faults
from .signing import signature

CARRIERS = 4
ATTEMPTS = 12
LONGEST_PAUSE = 60.0
PATIENCE = 20.0
ORDERS = ("sent", "reverse", "shuffled")

logger = logging.getLogger("tools.standin")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event on its way. `attempt` counts from 0."""

    event: str
    kind: str
    body: str
    attempt: int = 0


class Courier:
    """Background threads around one queue, ordered by the time at which a parcel is due."""

    def __init__(self, faults: Faults, delivered: Callable[[str], None], backoff: float):
        self.faults = faults
        self.delivered = delivered
        self.backoff = backoff
        self.url: str | None = None
        self.secret = ""
        self.paused = False
        self.lives = 0
        self.carrying = 0
        self.held: list[Parcel] = []
        self.attempts: deque[dict[str, Any]] = deque(maxlen=1000)
        self.queue: list[tuple[float, int, Parcel]] = []
        self.numbers = itertools.count()
        self.wakeup = threading.Condition()

    def start(self) -> None:
        for _ in range(CARRIERS):
            threading.Thread(target=self.carry, name="courier", daemon=True).start()

    def send(self, parcel: Parcel) -> None:
        """Take a parcel on. Faults are decided here, once for each event."""
        rule = self.faults.take(f"webhook {parcel.kind}")
        scenario = rule.do if rule else ""
        if scenario == "lose":
            self.delivered(parcel.event)
            self.note(parcel, "lost")
        elif scenario == "hold" or self.paused:
            self.hold(parcel)
        elif rule and scenario == "repeat":
            for _ in range(rule.copies):
                self.enqueue(parcel, 0)
        else:
            self.enqueue(parcel, (rule.seconds or 1.0) if rule else 0)

    @property
    def under_way(self) -> int:
        """How many parcels are queued or just being carried."""
        with self.wakeup:
            return len(self.queue) + self.carrying

    def hold(self, parcel: Parcel) -> None:
        with self.wakeup:
            self.held.append(parcel)

    def enqueue(self, parcel: Parcel, delay: float) -> None:
        with self.wakeup:
            due = time.monotonic() + delay
            heapq.heappush(self.queue, (due, next(self.numbers), parcel))
            self.wakeup.notify()

    def clear(self) -> None:
        """Forget what is under way and what has been."""
        with self.wakeup:
            self.lives += 1
            self.paused = False
            self.held.clear()
            self.queue.clear()
            self.attempts.clear()

    def flush(self, order: str = "sent", copies: int = 1, seed: int = 0) -> list[dict[str, Any]]:
        """Deliver what is held, one after the other in this order; answer what came of it."""
        with self.wakeup:
            parcels, self.held = self.held * copies, []
        if order == "reverse":
            parcels.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(parcels)
        return [self.deliver(parcel) for parcel in parcels]

    def carry(self) -> None:
        while True:
            parcel = self.next_parcel()
            if self.paused and not parcel.attempt:
                self.hold(parcel)
            else:
                self.deliver(parcel)
            with self.wakeup:
                self.carrying -= 1

    def next_parcel(self) -> Parcel:
        with self.wakeup:
            while True:
                wait = self.queue[0][0] - time.monotonic() if self.queue else None
                if wait is not None and wait <= 0:
                    self.carrying += 1
                    return heapq.heappop(self.queue)[2]
                self.wakeup.wait(wait)

    def deliver(self, parcel: Parcel) -> dict[str, Any]:
        """Send it now. Anything but 2xx is tried again later, ever more slowly."""
        life = self.lives
        result = self.post(parcel.body)
        if isinstance(result, int) and 200 <= result < 300:
            self.delivered(parcel.event)
        elif parcel.attempt + 1 < ATTEMPTS and life == self.lives:
            pause = min(self.backoff * 2**parcel.attempt, LONGEST_PAUSE)
            self.enqueue(replace(parcel, attempt=parcel.attempt + 1), pause)
        return self.note(parcel, result)

    def post(self, body: str) -> int | str:
        """The status of the answer, or the name of what went wrong."""
        if not self.url:
            return "no webhook url"
        target = urlsplit(self.url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connection = kinds[target.scheme](target.netloc, timeout=PATIENCE)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, self.secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (stand-in; +https://stripe.com/docs/webhooks)",
        }
        try:
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            connection.request("POST", path, body.encode(), headers)
            return int(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def note(self, parcel: Parcel, result: int | str) -> dict[str, Any]:
        told = {"event": parcel.event, "type": parcel.kind, "result": result}
        self.attempts.append(told)
        logger.debug("webhook %s", told)
        return told
