"""The cache is advice: with Redis gone or hanging everything still works, only slower.

Both backends add to Django's cache one thing: `get_or_set` lets one caller build what many miss at
once. The Redis one also gives up on a server that does not answer, for two seconds at a time, so
that a hanging Redis costs one short time-out and not one for every request.
"""

import functools
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache as DjangoRedisCache
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

AWAY_SECONDS = 2.0
BUILD_SECONDS = 5
_MISSING = object()


class SingleFlight:
    """`get_or_set` for a crowd: one builds, the others wait for it, nobody waits for ever."""

    away: bool

    def get_or_set(
        self, key: str, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> Any:
        """The cached value, or `default` (called if it can be called), which is then cached."""
        value = self.get(key, _MISSING, version=version)  # type: ignore[attr-defined]
        if value is not _MISSING:
            return value
        build = default if callable(default) else lambda: default
        token = uuid4().hex
        if self.add(_building(key), token, BUILD_SECONDS, version=version):  # type: ignore[attr-defined]
            return self._build(key, build, token, timeout, version)
        waited_until = time.monotonic() + BUILD_SECONDS
        while not self.away and time.monotonic() < waited_until:
            time.sleep(0.02)
            # The token first, or both at once: the value is stored before the token is given back,
            # so that a token that is gone and a value that is missing mean that nobody builds.
            stored = self.get_many([_building(key), key], version=version)  # type: ignore[attr-defined]
            if key in stored:
                return stored[key]
            if _building(key) not in stored:
                break
        return build()

    def _build(
        self, key: str, build: Callable[[], Any], token: str, timeout: Any, version: int | None
    ) -> Any:
        try:
            # Whoever had the token before may have stored the value after the caller's first look.
            value = self.get(key, _MISSING, version=version)  # type: ignore[attr-defined]
            if value is not _MISSING:
                return value
            value = build()
            # Forgotten while it was built: what was read may be older than the change.
            if self.get(_building(key), version=version) == token:  # type: ignore[attr-defined]
                self.set(key, value, timeout, version=version)  # type: ignore[attr-defined]
            return value
        finally:
            # After a change the token may be another's, who is building from after it.
            if self.get(_building(key), version=version) == token:  # type: ignore[attr-defined]
                super().delete(_building(key), version=version)  # type: ignore[misc]

    def delete(self, key: str, version: int | None = None) -> bool:
        super().delete(_building(key), version=version)  # type: ignore[misc]
        return super().delete(key, version=version)  # type: ignore[misc, no-any-return]


def _building(key: str) -> str:
    return f"{key}:building"


class LocalCache(SingleFlight, LocMemCache):
    """One process's memory, for a demo and for tests."""

    away = False


def _or_away(name: str, answer: Any) -> Callable[..., Any]:
    """The method `name` of django-redis, with `answer` (or the fallback's) while Redis is away."""
    original = getattr(DjangoRedisCache, name)

    @functools.wraps(original)
    def method(self: "CircuitBreaker", *args: Any, **kwargs: Any) -> Any:
        if not self.away:
            try:
                return original(self, *args, **kwargs)
            except (ConnectionInterrupted, RedisError, OSError):
                self.away_until[self._server] = time.monotonic() + AWAY_SECONDS
        if self.fallback is not None:
            return getattr(self.fallback, name)(*args, **kwargs)
        # `get` answers with the default that the caller gave.
        return (args[1] if len(args) > 1 else kwargs.get("default")) if name == "get" else answer

    return method


class CircuitBreaker(DjangoRedisCache):  # type: ignore[misc]
    # By server and for all threads: the first to find Redis gone spares the others the wait.
    away_until: dict[str, float] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.fallback = LocalCache("fallback", {}) if params.get("FALLBACK") else None

    @property
    def away(self) -> bool:
        """Whether Redis did not answer just now."""
        return self.away_until.get(self._server, 0) > time.monotonic()

    get = _or_away("get", None)
    set = _or_away("set", False)
    add = _or_away("add", False)
    touch = _or_away("touch", False)
    incr = _or_away("incr", 0)
    delete = _or_away("delete", False)
    get_many = _or_away("get_many", {})
    set_many = _or_away("set_many", [])
    delete_many = _or_away("delete_many", 0)
    has_key = _or_away("has_key", False)
    clear = _or_away("clear", None)


class RedisCache(SingleFlight, CircuitBreaker):
    """Redis as a cache. `FALLBACK: True` in its settings counts in this process meanwhile."""

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> Any:
        """In one round trip, with what is being built from before the change."""
        both = [name for key in keys for name in (key, _building(key))]
        return super().delete_many(both, version=version)
