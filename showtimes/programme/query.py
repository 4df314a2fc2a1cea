"""What a guest asks of the programme. Every choice is in the address, so that it can be shared."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

# Of these a guest chooses one. What helps to follow a movie adds up: captions and relaxed.
SINGLE = ("genre", "format", "language")
ACCESS = "access"
FACETS = (*SINGLE, ACCESS)
LONGEST_CHOICE = 80
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class ProgrammeQuery:
    """A day, words to look for, and choices: pairs of a facet and one of its values."""

    day: date
    search: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.search or self.choices)

    @property
    def url(self) -> str:
        parameters = [("day", self.day.isoformat()), *self.choices]
        return f"{reverse('whats-on')}?{urlencode(parameters + self._searched)}"

    @property
    def _searched(self) -> list[tuple[str, str]]:
        return [("search", self.search)] if self.search else []

    def on(self, day: date) -> "ProgrammeQuery":
        return replace(self, day=day)

    def everything(self) -> "ProgrammeQuery":
        return ProgrammeQuery(self.day)

    def without_search(self) -> "ProgrammeQuery":
        return replace(self, search="")

    def has(self, facet: str, value: str) -> bool:
        return (facet, value.casefold()) in {(f, chosen.casefold()) for f, chosen in self.choices}

    def values(self, facet: str) -> list[str]:
        return [value for name, value in self.choices if name == facet]

    def choose(self, facet: str, value: str) -> "ProgrammeQuery":
        """With this choice: in place of another one, or beside it where choices add up."""
        kept = self.without(facet, value) if facet == ACCESS else self.without(facet)
        choices = [*kept.choices, (facet, value)]
        return replace(self, choices=tuple(sorted(choices, key=_place)))

    def without(self, facet: str, value: str | None = None) -> "ProgrammeQuery":
        """Without this choice, or without any of this facet."""
        return replace(
            self,
            choices=tuple(
                (name, chosen)
                for name, chosen in self.choices
                if name != facet or (value is not None and chosen.casefold() != value.casefold())
            ),
        )


def read_query(parameters: QueryDict, day: date) -> ProgrammeQuery:
    """Read what an address asks for beside its day. Nonsense counts as absent."""
    search = " ".join(parameters.get("search", "").replace("\0", "").split())[:LONGEST_SEARCH]
    query = ProgrammeQuery(day, search)
    for facet in FACETS:
        for value in parameters.getlist(facet)[-3:]:
            if kept := value.replace("\0", "").strip()[:LONGEST_CHOICE]:
                query = query.choose(facet, kept)
    return query


def _place(choice: tuple[str, str]) -> tuple[int, str]:
    return FACETS.index(choice[0]), choice[1]
