"""Adding, changing and removing movies, and the cached reads of the catalogue."""

import hashlib
import time
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from movies.errors import MovieHasSales
from movies.models import Genre, Movie, slug_of
from movies.signals import runtime_changed

CATALOGUE_SECONDS = 60
ATTEMPTS = 5
RECENT_SECONDS = 1.0
_VERSION = "catalogue:version"
_recent = ("", 0.0)
Built = TypeVar("Built")


def add(fields: dict[str, Any], genres: Sequence[str]) -> Movie:
    """A new movie. Many of one title made at once get a slug each."""
    for attempt in range(ATTEMPTS):
        # Who lost twice against others stops counting on with them.
        slug = f"{slug_of(fields['title'])}-{token_hex(3)}" if attempt > 1 else ""
        try:
            with transaction.atomic():
                movie = Movie.objects.create(**{"slug": slug} | fields)
                movie.genres.set(genres_named(genres))
            return movie
        except IntegrityError:  # the slug went to somebody else between look and write
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def change(movie: Movie, fields: dict[str, Any], genres: Sequence[str] | None) -> Movie:
    """Write the given fields; genres stay as they are when they are None. Raises MovieRefused."""
    for name, value in fields.items():
        setattr(movie, name, value)
    save(movie)
    if genres is not None:
        movie.genres.set(genres_named(genres))
    return movie


@transaction.atomic
def save(movie: Movie) -> None:
    """Write a movie. Whoever plans by its runtime may refuse another one: raises MovieRefused."""
    known = Movie.objects.select_for_update().filter(pk=movie.pk)
    before = list(known.values_list("runtime_minutes", flat=True))
    movie.save()
    if before and before != [movie.runtime_minutes]:
        runtime_changed.send(Movie, movie=movie)


def remove(movie: Movie) -> None:
    """Delete a movie and its showtimes. Raises MovieHasSales when seats were booked for it."""
    try:
        movie.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        raise MovieHasSales from None


def genres_named(names: Sequence[str]) -> list[Genre]:
    """The genres of these names, made where they are missing; upper and lower case are one."""
    wanted: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        wanted.setdefault(name.casefold(), name)
    found = {genre.name.casefold(): genre for genre in Genre.objects.all()}
    for key, name in wanted.items():
        if key not in found:
            found[key], _made = Genre.objects.get_or_create(name=name)
    return [found[key] for key in wanted]


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
