"""The filters of what's on: what there is to choose, how much of it, and what matches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from movies.models import Movie
from showtimes.models import Showtime
from showtimes.programme.query import ACCESS, FACETS, SINGLE, ProgrammeQuery

TITLES = {
    "genre": _("Genre"),
    "format": _("Format"),
    "language": _("Language"),
    ACCESS: _("Access"),
}
ACCESS_NAMES = {
    "captions": _("Captions"),
    "audio_description": _("Audio description"),
    "relaxed": _("Relaxed"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One showtime as the filters look at it. `is_found`: the search finds its movie."""

    showtime: Showtime
    movie: Movie
    is_found: bool = True

    def values(self, facet: str) -> Sequence[str]:
        if facet == "genre":
            return self.movie.genre_list
        if facet == "format":
            return [self.showtime.format] if self.showtime.format else []
        if facet == "language":
            language = self.showtime.language or self.movie.language
            return [language] if language else []
        return self.showtime.accessibility

    def matches(self, query: ProgrammeQuery) -> bool:
        return (self.is_found or not query.search) and all(
            value.casefold() in map(str.casefold, self.values(facet))
            for facet, value in query.choices
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what it is called, how many movies there are, where it leads."""

    label: str
    movies: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """`chosen` are the labels of the choices that are made."""

    name: str
    title: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[str]:
        return [choice.label for choice in self.choices if choice.is_chosen]


@dataclass(frozen=True, slots=True)
class Removable:
    """A choice that was made, where it leads to take it back, and how many movies match then."""

    label: str
    url: str
    movies: int


def filters(candidates: Collection[Candidate], query: ProgrammeQuery) -> list[Filter]:
    """What can be chosen on this day beside what is chosen already; only what leads somewhere."""
    offered = []
    for facet in FACETS:
        others = query.without(facet) if facet in SINGLE else query
        movies: dict[str, set[int]] = defaultdict(set)
        for value in query.values(facet):
            movies[_spelled(facet, value, candidates)] = set()
        for candidate in candidates:
            if candidate.matches(others):
                for value in candidate.values(facet):
                    movies[value].add(candidate.movie.pk)
        choices = [_choice(facet, value, len(movies[value]), query) for value in movies]
        if choices:
            choices.sort(key=lambda choice: choice.label.casefold())
            offered.append(Filter(facet, str(TITLES[facet]), choices))
    return offered


def removable(candidates: Collection[Candidate], query: ProgrammeQuery) -> list[Removable]:
    """Everything that narrows the programme now, each with the way to take it back."""
    made = []
    for facet, value in query.choices:
        label = _label(facet, _spelled(facet, value, candidates))
        made.append((label, query.without(facet, value)))
    if query.search:
        made.append((gettext("“%(search)s”") % {"search": query.search}, query.without_search()))
    return [Removable(label, less.url, movies_in(candidates, less)) for label, less in made]


def movies_in(candidates: Iterable[Candidate], query: ProgrammeQuery) -> int:
    return len({candidate.movie.pk for candidate in candidates if candidate.matches(query)})


def _choice(facet: str, value: str, movies: int, query: ProgrammeQuery) -> Choice:
    chosen = query.has(facet, value)
    leads_to = query.without(facet, value) if chosen else query.choose(facet, value)
    return Choice(_label(facet, value), movies, leads_to.url, chosen)


def _spelled(facet: str, value: str, candidates: Iterable[Candidate]) -> str:
    """As the catalogue writes it: an address that was typed may have other capitals."""
    return next(
        (own for candidate in candidates for own in candidate.values(facet)
         if own.casefold() == value.casefold()),
        value,
    )  # fmt: skip


def _label(facet: str, value: str) -> str:
    names: dict[str, Any] = ACCESS_NAMES if facet == ACCESS else {}
    return str(names.get(value.casefold(), value))
