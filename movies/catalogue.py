"""Adding, changing and removing movies."""

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from movies.errors import MovieHasSales
from movies.models import Genre, Movie, slug_of
from movies.signals import runtime_changed

ATTEMPTS = 5


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
    """Write the given fields; genres stay as they are when they are None. Raises RuntimeRefused."""
    for name, value in fields.items():
        setattr(movie, name, value)
    save(movie)
    if genres is not None:
        movie.genres.set(genres_named(genres))
    return movie


@transaction.atomic
def save(movie: Movie) -> None:
    """Write a movie. Whoever plans by its runtime may refuse another runtime: RuntimeRefused."""
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
    """The genres of these names, made where they are missing; in whatever case."""
    spelled: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        spelled.setdefault(name.casefold(), name)
    genres = {genre.name.casefold(): genre for genre in Genre.objects.all()}
    for key, name in spelled.items():
        if key not in genres:
            genres[key], _made = Genre.objects.get_or_create(name=name)
    return [genres[key] for key in spelled]
