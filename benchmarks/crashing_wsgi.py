"""The product, dying on request; served by the crash campaign in place of the real application.

    X-Die-At: after Stripe capture#1      kills the worker (SIGKILL) when it comes to this place
    X-Freeze-At: before COMMIT#2          stops it there (SIGSTOP), so that it can be woken
    X-Die-At: nowhere                     harms nothing; `X-Places` of the answer names all places

Places are right before and right after every statement, every COMMIT and every call of Stripe's,
numbered when a request comes to several of the same name.
"""

import functools
import os
import re
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from moviereservation.wsgi import application as product
from payments import gateway

SIGNALS = {"HTTP_X_DIE_AT": signal.SIGKILL, "HTTP_X_FREEZE_AT": signal.SIGSTOP}
STRIPE_CALLS = ("create_intent", "retrieve", "capture", "cancel", "refund", "refund_with_key")
TABLE = re.compile(r"(?:FROM|INTO|UPDATE) `?(\w+)")


class Walk(threading.local):
    """Where the request of this thread has been, and which place is to be its last."""

    places: list[str] | None = None
    last = ""
    signal = signal.SIGKILL


walk = Walk()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    header = next((name for name in SIGNALS if name in environ), None)
    if header is None:
        return product(environ, start_response)
    walk.places, walk.last, walk.signal = [], environ[header], SIGNALS[header]

    def tell(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-Places", "|".join(walk.places or ()))], *rest)

    try:
        with connection.execute_wrapper(_statement):
            return product(environ, tell)
    finally:
        walk.places = None


def at(name: str) -> None:
    if walk.places is None:
        return
    number = 1 + sum(place.rpartition("#")[0] == name for place in walk.places)
    walk.places.append(f"{name}#{number}")
    if walk.places[-1] == walk.last:
        with Path(settings.VAR_DIR, "deaths").open("a") as record:
            record.write(f"{walk.last}\n")
        os.kill(os.getpid(), walk.signal)


def _statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    name = _named(sql)
    at(f"before {name}")
    result = execute(sql, *rest)
    at(f"after {name}")
    return result


def _named(sql: str) -> str:
    """`INSERT reservations_reservation`, `SELECT showtimes_seat FOR UPDATE`, `SAVEPOINT`."""
    table = TABLE.search(sql)
    locks = " FOR UPDATE" if "FOR UPDATE" in sql else ""
    return " ".join(filter(None, [sql.split()[0], table[1] if table else ""])) + locks


def _noted(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(verb)
    def noted(*args: Any, **kwargs: Any) -> Any:
        at(f"before {name}")
        result = verb(*args, **kwargs)
        at(f"after {name}")
        return result

    return noted


BaseDatabaseWrapper._commit = _noted("COMMIT", BaseDatabaseWrapper._commit)  # type: ignore[attr-defined]
for call in STRIPE_CALLS:
    setattr(gateway, call, _noted(f"Stripe {call}", getattr(gateway, call)))
