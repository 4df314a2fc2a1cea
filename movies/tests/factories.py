"""Movies for tests."""

from collections.abc import Sequence
from typing import Any

from movies import catalogue
from movies.models import Movie


def make_movie(
    title: str = "The General", *, genres: Sequence[str] = ("Comedy",), **fields: Any
) -> Movie:
    return catalogue.add({"title": title, "runtime_minutes": 78} | fields, genres)
