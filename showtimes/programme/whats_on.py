"""What's on, as its page shows it: the days, the filters, and the movies of one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import QueryDict
from django.urls import reverse

from moviereservation.business_day import business_day
from movies.models import Movie
from showtimes.models import Showtime
from showtimes.programme import listing
from showtimes.programme.filters import Candidate, Filter, Removable, filters, movies_in, removable
from showtimes.programme.listing import ListedShowtime
from showtimes.programme.query import ProgrammeQuery, read_query

DAYS_SHOWN = 14
SOON_SHOWN = 24


@dataclass(frozen=True, slots=True)
class DayTab:
    day: date
    url: str
    is_chosen: bool
    is_today: bool


@dataclass(slots=True)
class MovieShowtimes:
    movie: Movie
    showtimes: list[ListedShowtime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NearestDay:
    """The day nearest to the one that was asked for on which something matches."""

    day: date
    url: str
    movies: int


@dataclass(frozen=True, slots=True)
class WhatsOn:
    """`elsewhere` is looked for only when nothing matches on the day itself."""

    query: ProgrammeQuery
    first_day: date
    days: list[DayTab]
    filters: list[Filter]
    made: list[Removable]
    programme: list[MovieShowtimes]
    elsewhere: NearestDay | None
    coming_soon: list[Movie]

    @property
    def home(self) -> str:
        """The address of this day without any filter: of the first one, the front page."""
        return (
            reverse("whats-on")
            if self.query.day == self.first_day
            else ProgrammeQuery(self.query.day).url
        )

    @property
    def ways_back(self) -> list[Removable]:
        """What is worth taking back, because something matches then."""
        return [choice for choice in self.made if choice.movies]


def whats_on(parameters: QueryDict, *, now: datetime) -> WhatsOn:
    """The page for the parameters `day` (YYYY-MM-DD), `search`, `genre`, `format`, `language` and
    any number of `access`; nonsense counts as absent."""
    days = _days(now=now)
    first = _first_day(days, now=now)
    query = read_query(parameters, _chosen_day(parameters, first, now=now))
    listed = listing.on_day(query.day, now=now)
    candidates = _candidates([row.showtime for row in listed], query)
    programme = _programme(listed, candidates, query)
    return WhatsOn(
        query=query,
        first_day=first,
        days=_day_tabs(days, query, now=now),
        filters=filters(candidates, query),
        made=removable(candidates, query),
        programme=programme,
        elsewhere=None if programme else _elsewhere(query, now=now),
        coming_soon=_coming_soon(query, now=now),
    )


def by_business_day(listed: Iterable[ListedShowtime]) -> list[tuple[date, list[ListedShowtime]]]:
    """Showtimes in the order of their start, under the day that guests look for them."""
    days: dict[date, list[ListedShowtime]] = {}
    for row in listed:
        days.setdefault(business_day(row.showtime.starts_at), []).append(row)
    return list(days.items())


def _days(*, now: datetime) -> list[date]:
    starts = listing.days_with_showtimes(now=now)
    return sorted({business_day(start) for start in starts})


def _first_day(days: list[date], *, now: datetime) -> date:
    """Today, or the first day with a show when there is none left today."""
    today = business_day(now)
    return days[0] if days and today not in days else today


def _chosen_day(parameters: Mapping[str, str], first: date, *, now: datetime) -> date:
    try:
        day = date.fromisoformat(parameters.get("day", ""))
    except ValueError:
        return first
    in_reach = abs((day - business_day(now)).days) < 1000  # a business day of year 9999 has no end
    return day if in_reach else first


def _candidates(showtimes: Iterable[Showtime], query: ProgrammeQuery) -> list[Candidate]:
    rows = list(showtimes)
    ids = {showtime.movie_id for showtime in rows}
    movies = Movie.objects.with_genre_names().in_bulk(ids)
    matching_ids = ids
    if query.search and ids:
        matching = Movie.objects.matching(query.search).filter(pk__in=ids)
        matching_ids = set(matching.values_list("pk", flat=True))
    return [
        Candidate(showtime, movies[showtime.movie_id], showtime.movie_id in matching_ids)
        for showtime in rows
    ]


def _programme(
    listed: Iterable[ListedShowtime], candidates: Iterable[Candidate], query: ProgrammeQuery
) -> list[MovieShowtimes]:
    by_movie: dict[int, MovieShowtimes] = {}
    for row, candidate in zip(listed, candidates, strict=True):
        if candidate.matches(query):
            movie = candidate.movie
            by_movie.setdefault(movie.pk, MovieShowtimes(movie)).showtimes.append(row)
    return list(by_movie.values())


def _day_tabs(days: list[date], query: ProgrammeQuery, *, now: datetime) -> list[DayTab]:
    today = business_day(now)
    shown = sorted({*days[:DAYS_SHOWN], query.day})
    return [DayTab(day, query.on(day).url, day == query.day, day == today) for day in shown]


def _elsewhere(query: ProgrammeQuery, *, now: datetime) -> NearestDay | None:
    others = _candidates(listing.on_other_days(query.day, now=now), query)
    by_day: dict[date, list[Candidate]] = {}
    for candidate in others:
        if candidate.matches(query):
            day = business_day(candidate.showtime.starts_at)
            by_day.setdefault(day, []).append(candidate)
    later = [day for day in by_day if day > query.day]
    nearest = min(later, default=max(by_day, default=None))
    if nearest is None:
        return None
    return NearestDay(nearest, query.on(nearest).url, movies_in(by_day[nearest], query))


def _coming_soon(query: ProgrammeQuery, *, now: datetime) -> list[Movie]:
    """What has no showtime yet has neither format nor captions, but a genre and a title."""
    if any(facet != "genre" for facet, _value in query.choices):
        return []
    movies = listing.coming_soon(now=now)
    for genre in query.values("genre"):
        movies = movies.of_genre(genre)
    return list(movies.matching(query.search)[:SOON_SHOWN])
