"""The films of the demo cinema, all in the public domain in the United States.

Facts are those of the film; summaries, synopses and posters are our own.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Film:
    """One film as the catalogue needs it. Times are minutes; colours are `#rrggbb`."""

    slug: str
    title: str
    release_date: date
    runtime_minutes: int
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    language: str
    country: str
    rating: str
    rating_reason: str
    summary: str
    synopsis: str
    poster_alt: str
    ground: str
    accent: str
    original_title: str = ""
    trailer_url: str = ""

    @property
    def year(self) -> int:
        """The year of the first release."""
        return self.release_date.year

    @property
    def poster(self) -> str:
        """Where the poster lies among the static files."""
        return f"demo/posters/{self.slug}.svg"

    @property
    def is_silent(self) -> bool:
        """Whether the film was made without sound, so that it can have a live score."""
        return self.language.startswith("Silent")


def film(slug: str) -> Film:
    """The film of that slug. Raises KeyError when there is none."""
    return _BY_SLUG[slug]


def _films() -> Iterator[Film]:
    for name in ("films_silent.toml", "films_sound.toml"):
        for entry in tomllib.loads((HERE / name).read_text(encoding="utf-8"))["film"]:
            yield Film(**{key: _frozen(value) for key, value in entry.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


FILMS: tuple[Film, ...] = tuple(_films())
_BY_SLUG = {each.slug: each for each in FILMS}
