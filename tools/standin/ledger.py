"""Everything the stand-in knows: Stripe's objects by kind, in the order of their arrival."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .disk import Disk
from .errors import not_found

Json = dict[str, Any]
KINDS = ("payment_intent", "charge", "refund", "payment_method")
PARENTS = {"charge": "payment_intent", "refund": "payment_intent"}


class Ledger:
    """Objects are plain dicts, exactly as they go over the wire, changed only inside `change()`."""

    def __init__(self, disk: Disk | None = None):
        self.disk = disk
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        self.rows: dict[str, dict[str, Json]] = {kind: {} for kind in KINDS}
        self.order: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.place: dict[str, int] = {}
        self.children: dict[tuple[str, str], list[str]] = {}

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and commit at the end: also a refusal may have changed something."""
        with self.lock:
            try:
                yield
            finally:
                if self.disk:
                    self.disk.commit()

    def save(self, thing: Json) -> Json:
        """Remember a new object, or that a known one has changed."""
        kind, identifier = thing["object"], thing["id"]
        if identifier not in self.rows[kind]:
            self.enter(kind, identifier, thing)
        if self.disk:
            self.disk.write(kind, identifier, json.dumps(thing))
        return thing

    def enter(self, kind: str, identifier: str, thing: Json) -> None:
        self.rows[kind][identifier] = thing
        self.place[identifier] = len(self.order[kind])
        self.order[kind].append(identifier)
        parent = thing.get(PARENTS.get(kind, ""))
        if parent:
            self.children.setdefault((kind, parent), []).append(identifier)

    def find(self, kind: str, identifier: str | None) -> Json | None:
        return self.rows[kind].get(identifier or "")

    def get(self, kind: str, identifier: str, param: str = "id", status: int = 404) -> Json:
        """The object; StripeError `resource_missing` when there is none."""
        thing = self.rows[kind].get(identifier)
        if thing is None:
            raise not_found(kind, identifier, param, status)
        return thing

    def belonging_to(self, kind: str, parent: str) -> list[Json]:
        """The charges or refunds of one intent, oldest first."""
        return [self.rows[kind][key] for key in self.children.get((kind, parent), [])]
