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
    key = hashlib.sha256(name.encode()).hexdigest()  # a query has any length, a key has not
    return cache.get_or_set(f"catalogue:{version()}:{key}", build, seconds)  # type: ignore[return-value]


def version() -> str:
    """Another one after every change of movies, auditoriums or showtimes."""
    return str(cache.get_or_set(_VERSION, _new_version, None))


def recent_version() -> str:
    """`version` as this process knew it less than a second ago, for what is asked very often."""
    global _recent
    known, seen_at = _recent
    if not known or time.monotonic() - seen_at > RECENT_SECONDS:
        known = version()
        _recent = (known, time.monotonic())
    return known


def invalidate(**_kwargs: Any) -> None:
    """Everything cached of the catalogue is out of date, once the change is committed."""
    transaction.on_commit(_renew)


def _renew() -> None:
    global _recent
    _recent = ("", 0.0)
    cache.set(_VERSION, _new_version(), None)


def _new_version() -> str:
    return uuid4().hex[:12]
