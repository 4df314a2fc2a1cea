"""The journal of events: https://docs.stripe.com/api/events."""

import json
import time
from collections.abc import Iterator
from itertools import dropwhile
from typing import Any

from . import identifiers
from .calls import Call
from .disk import Disk
from .errors import not_found
from .settings import API_VERSION

Json = dict[str, Any]
MOST = 50_000


class Journal:
    """Each event is kept as the text that was sent: small, and later changes cannot touch it.

    Guarded by the ledger's lock. `waiting` names the events that still have to be delivered.
    """

    def __init__(self, disk: Disk | None = None):
        self.disk = disk
        self.bodies: dict[str, str] = {}
        self.waiting: dict[str, None] = {}

    def clear(self) -> None:
        self.bodies.clear()
        self.waiting.clear()

    def write(
        self, kind: str, thing: Json, call: Call | None, before: Json | None, waiting: bool
    ) -> tuple[str, str]:
        """Record that `kind` happened to `thing`; answer the event's id and body.

        `before` holds the attributes that changed, as they were.
        """
        event = written(kind, thing, call, before, waiting)
        body = json.dumps(event)
        self.bodies[event["id"]] = body
        if self.disk:
            self.disk.write("event", event["id"], json.dumps(body))
        if waiting:
            self.wait_for(event["id"])
        if len(self.bodies) > MOST:
            self.forget(next(iter(self.bodies)))
        return event["id"], body

    def wait_for(self, identifier: str) -> None:
        self.waiting[identifier] = None
        if self.disk:
            self.disk.write("waiting", f"waiting:{identifier}", json.dumps(identifier))

    def delivered(self, identifier: str) -> None:
        if identifier in self.waiting:
            del self.waiting[identifier]
            if self.disk:
                self.disk.remove(f"waiting:{identifier}")

    def forget(self, identifier: str) -> None:
        del self.bodies[identifier]
        self.delivered(identifier)
        if self.disk:
            self.disk.remove(identifier)

    def get(self, identifier: str) -> Json:
        if identifier not in self.bodies:
            raise not_found("event", identifier, "id")
        event: Json = json.loads(self.bodies[identifier])
        event["pending_webhooks"] = int(identifier in self.waiting)
        return event

    def newest_first(self, after: str | None = None) -> Iterator[Json]:
        """All events, or those older than the event `after`."""
        if after and after not in self.bodies:
            raise not_found("event", after, "starting_after", status=400)
        found: Iterator[str] = reversed(self.bodies)
        if after:
            found = dropwhile(lambda identifier: identifier != after, found)
            next(found)
        return (self.get(identifier) for identifier in found)


def written(kind: str, thing: Json, call: Call | None, before: Json | None, waiting: bool) -> Json:
    data = {"object": thing}
    if before is not None:
        data["previous_attributes"] = before
    return {
        "id": identifiers.new("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(time.time()),
        "data": data,
        "livemode": False,
        "pending_webhooks": int(waiting),
        "request": {
            "id": call.request_id if call else None,
            "idempotency_key": call.idempotency_key if call else None,
        },
        "type": kind,
    }
