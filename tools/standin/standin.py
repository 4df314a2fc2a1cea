"""The stand-in as one object: what it knows, whom it tells, what troubles it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from .calls import Call
from .delivery import Courier, Parcel
from .disk import Disk
from .events import Journal
from .faults import Faults
from .idempotency import Memory
from .ledger import KINDS, Ledger
from .settings import Settings

Json = dict[str, Any]


class StandIn:
    """Everything that one process of the stand-in holds."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.disk = Disk(settings.state) if settings.state else None
        self.ledger = Ledger(self.disk)
        self.journal = Journal(self.disk)
        self.memory = Memory(self.disk)
        self.faults = Faults()
        self.courier = Courier(self.faults, self.delivered, settings.webhook_backoff)
        self.courier.url, self.courier.secret = settings.webhook_url, settings.webhook_secret
        self.calls: deque[Json] = deque(maxlen=1000)
        self.bank_delay = settings.bank_delay
        self.lives = 0
        self.load()
        self.courier.start()

    def load(self) -> None:
        """Take up what an earlier process wrote down, and deliver what it could not."""
        for kind, identifier, body in self.disk.records() if self.disk else ():
            if kind in KINDS:
                self.ledger.enter(kind, identifier, body)
            elif kind == "event":
                self.journal.bodies[identifier] = body
            elif kind == "waiting":
                self.journal.waiting[body] = None
            elif kind == "idempotency":
                self.memory.kept[body[0]] = body[1]

    def tell(
        self, kind: str, thing: Json, call: Call | None = None, before: Json | None = None
    ) -> None:
        """Write an event and send it on its way. `before` holds changed attributes as they were."""
        waiting = self.courier.url is not None
        event, body = self.journal.write(kind, thing, call, before, waiting)
        if waiting:
            self.courier.send(Parcel(event, kind, body))

    def delivered(self, event: str) -> None:
        with self.ledger.change():
            self.journal.delivered(event)

    def later(self, action: Callable[[], object]) -> None:
        """Do what a bank does in its own time, under the lock as any other change."""
        life = self.lives

        def act() -> None:
            with self.ledger.change():
                if life == self.lives:  # or else this belongs to what a reset has forgotten
                    action()

        timer = threading.Timer(self.bank_delay, act)
        timer.daemon = True
        timer.start()

    def reset(self) -> None:
        """Forget everything but the settings."""
        self.faults.clear()
        self.courier.clear()
        with self.ledger.change():
            self.lives += 1
            self.ledger.clear()
            self.journal.clear()
            self.memory.clear()
            self.calls.clear()
            if self.disk:
                self.disk.empty()


def now() -> int:
    """Unix time in whole seconds, as Stripe gives all its times."""
    return int(time.time())
