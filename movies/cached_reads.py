"""What is read of the catalogue again and again, cached until the next change.

The catalogue is movies, auditoriums and showtimes: whoever changes one of them calls `invalidate`.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

CATALOGUE_SECONDS = 60
RECENT_SECONDS = 1.0
_VERSION = "catalogue:version"
_recent = ("", 0.0)
Built = TypeVar("Built")


def cached(name: str, build: Callable[[], Built], seconds: int = CATALOGUE_SECONDS) -> Built:
    """What `build` answers, from the cache while nothing in the catalogue has changed."""
    digest = hashlib.sha256(name.encode()).hexdigest()  # a query has any length, a key has not
    # Under the version that this process knew last, so that it is mostly one round trip for both.
    guessed = _key(_recent[0], digest)
    found = cache.get_many([_VERSION, guessed])
    known = str(found.get(_VERSION) or version())
    _remember(known)
    key = _key(known, digest)
    if key in found:
        return found[key]  # type: ignore[no-any-return]
    return cache.get_or_set(key, build, seconds)  # type: ignore[return-value]


def version() -> str:
    """Another one after every change of movies, auditoriums or showtimes."""
    return str(cache.get_or_set(_VERSION, _new_version, None))


def recent_version() -> str:
    """`version` as this process knew it less than a second ago, for what is asked very often."""
    known, seen_at = _recent
    if not known or time.monotonic() - seen_at > RECENT_SECONDS:
        known = version()
        _remember(known)
    return known


def invalidate(**_kwargs: Any) -> None:
    """Everything cached of the catalogue is out of date, once the change is committed."""
    transaction.on_commit(_renew)


def _renew() -> None:
    global _recent
    _recent = ("", 0.0)
    cache.set(_VERSION, _new_version(), None)


def _key(version: str, digest: str) -> str:
    return f"catalogue:{version}:{digest}"


def _remember(version: str) -> None:
    global _recent
    _recent = (version, time.monotonic())


def _new_version() -> str:
    return uuid4().hex[:12]
