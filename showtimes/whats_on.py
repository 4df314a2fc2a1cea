"""What's on, as its page shows it: the days, the filters, and the movies of one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from movies.models import Movie
from showtimes import listing
from showtimes.business_day import business_day
from showtimes.listing import Listed

DAYS_SHOWN = 14
SOON_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a guest asks for. Every choice is in the address, so that it can be shared."""

    day: date
    genre: str = ""
    search: str = ""

    @property
    def is_everything(self) -> bool:
        return not (self.genre or self.search)

    @property
    def url(self) -> str:
        asked = {"day": self.day.isoformat(), "genre": self.genre, "search": self.search}
        return f"{reverse('whats-on')}?{urlencode({k: v for k, v in asked.items() if v})}"

    @property
    def url_of_any_genre(self) -> str:
        return replace(self, genre="").url

    @property
    def url_of_everything(self) -> str:
        return Wanted(self.day).url


@dataclass(frozen=True, slots=True)
class Choice:
    """One day tab or one genre: `value`, where it leads, and whether it is the current one."""

    value: date | str
    url: str
    is_chosen: bool
    is_today: bool = False


@dataclass(slots=True)
class Showing:
    movie: Movie
    showtimes: list[Listed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WhatsOn:
    wanted: Wanted
    days: list[Choice]
    genres: list[Choice]
    programme: list[Showing]
    coming_soon: list[Movie]


def whats_on(query: Mapping[str, str], *, now: datetime) -> WhatsOn:
    """The page for a query of `day` (YYYY-MM-DD), `genre`, `search`; nonsense counts as absent."""
    days = _days(now=now)
    wanted = _wanted(query, days, now=now)
    listed = listing.on_day(wanted.day, now=now)
    movies = {movie.pk: movie for movie in _movies(listed)}
    return WhatsOn(
        wanted=wanted,
        days=_day_tabs(days, wanted, now=now),
        genres=_genres(movies.values(), wanted),
        programme=_programme(listed, movies, wanted),
        coming_soon=list(listing.coming_soon()[:SOON_SHOWN]) if wanted.is_everything else [],
    )


def by_business_day(listed: Iterable[Listed]) -> list[tuple[date, list[Listed]]]:
    """Showtimes in the order of their start, under the day that guests look for them."""
    days: dict[date, list[Listed]] = {}
    for one in listed:
        days.setdefault(business_day(one.showtime.starts_at), []).append(one)
    return list(days.items())


def _days(*, now: datetime) -> list[date]:
    starts = listing.days_with_showtimes(now=now)
    return sorted({business_day(start) for start in starts})


def _wanted(query: Mapping[str, str], days: list[date], *, now: datetime) -> Wanted:
    today = business_day(now)
    first = days[0] if days and today not in days else today
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        day = first
    in_reach = abs((day - today).days) < 1000  # business days have bounds; year 9999 has none
    return Wanted(
        day=day if in_reach else first,
        genre=query.get("genre", "").strip()[:60],
        search=" ".join(query.get("search", "").replace("\0", "").split())[:100],
    )


def _day_tabs(days: list[date], wanted: Wanted, *, now: datetime) -> list[Choice]:
    today = business_day(now)
    shown = sorted({*days[:DAYS_SHOWN], wanted.day})
    return [
        Choice(day, replace(wanted, day=day).url, day == wanted.day, day == today) for day in shown
    ]


def _movies(listed: Iterable[Listed]) -> list[Movie]:
    return list(
        Movie.objects.with_genre_names().filter(pk__in={one.showtime.movie_id for one in listed})
    )


def _genres(movies: Iterable[Movie], wanted: Wanted) -> list[Choice]:
    found = {name for movie in movies for name in movie.genre_list} | ({wanted.genre} - {""})
    return [
        Choice(name, replace(wanted, genre=name).url, name == wanted.genre)
        for name in sorted(found)
    ]


def _programme(
    listed: Iterable[Listed], movies: Mapping[int, Movie], wanted: Wanted
) -> list[Showing]:
    matching = None
    if wanted.search:
        matching = set(Movie.objects.matching(wanted.search).values_list("pk", flat=True))
    showings: dict[int, Showing] = {}
    for one in listed:
        movie = movies[one.showtime.movie_id]
        if wanted.genre and wanted.genre not in movie.genre_list:
            continue
        if matching is None or movie.pk in matching:
            showings.setdefault(movie.pk, Showing(movie)).showtimes.append(one)
    return list(showings.values())
