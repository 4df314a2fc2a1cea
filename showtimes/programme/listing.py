"""The showtimes that guests are shown, each with what is left: two queries for a whole list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from moviereservation.business_day import bounds, business_day
from movies.models import Movie, MovieQuerySet
from showtimes.models import Showtime, ShowtimeQuerySet
from showtimes.programme.availability import seats_taken

FEW_LEFT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class ListedShowtime:
    """A showtime and the seats that are left of it."""

    showtime: Showtime
    seats_available: int

    @property
    def capacity(self) -> int:
        return self.showtime.auditorium.capacity

    @property
    def is_sold_out(self) -> bool:
        return self.seats_available <= 0

    @property
    def has_few_left(self) -> bool:
        return 0 < self.seats_available <= max(4, int(self.capacity * FEW_LEFT_SHARE))


def listed(showtimes: Iterable[Showtime], *, now: datetime) -> list[ListedShowtime]:
    """Each showtime with its free seats; one query for all of them, none while it is cached."""
    rows = list(showtimes)
    taken = seats_taken([showtime.pk for showtime in rows], now=now)
    return [
        ListedShowtime(showtime, max(0, showtime.auditorium.capacity - taken[showtime.pk]))
        for showtime in rows
    ]


def with_free_seats(rows: Iterable[dict[str, Any]], *, now: datetime) -> list[dict[str, Any]]:
    """Showtimes as the API has them, with what is left of each; one query, none while cached."""
    rows = list(rows)
    taken = seats_taken([row["id"] for row in rows], now=now)
    return [row | {"seatsAvailable": max(0, row["capacity"] - taken[row["id"]])} for row in rows]


def of_movie(movie_id: int, *, now: datetime, day: date | None = None) -> ShowtimeQuerySet:
    """A movie's showtimes by their start: upcoming ones, or all of one business day."""
    showtimes = Showtime.objects.filter(movie_id=movie_id).with_auditorium()
    if day is not None:
        return showtimes.public().starting_between(*bounds(day)).order_by("starts_at", "pk")
    return showtimes.on_sale(now=now).order_by("starts_at", "pk")


def of_movie_for_staff(
    movie_id: int, *, now: datetime, day: date | None = None
) -> ShowtimeQuerySet:
    """The same with drafts, and with what was cancelled."""
    showtimes = Showtime.objects.filter(movie_id=movie_id).with_auditorium()
    if day is not None:
        showtimes = showtimes.starting_between(*bounds(day))
    else:
        showtimes = showtimes.filter(starts_at__gt=now)
    return showtimes.order_by("starts_at", "pk")


def on_day(day: date, *, now: datetime) -> list[ListedShowtime]:
    """Everything that can still be booked on a business day, by movie title and start."""
    showtimes = (
        Showtime.objects.on_sale(now=now)
        .starting_between(*bounds(day))
        .with_auditorium()
        .order_by("movie__title", "starts_at", "pk")
    )
    return listed(showtimes, now=now)


def on_other_days(day: date, *, now: datetime) -> ShowtimeQuerySet:
    """What can be booked on all days but this one, by start; without auditoriums and seats."""
    first, last = bounds(day)
    return (
        Showtime.objects.on_sale(now=now)
        .exclude(starts_at__gte=first, starts_at__lt=last)
        .defer("prices")
        .order_by("starts_at", "pk")
    )


def days_with_showtimes(*, now: datetime) -> list[datetime]:
    """The starts of everything on sale, ascending; `business_day` of each makes the day tabs."""
    return list(
        Showtime.objects.on_sale(now=now).order_by("starts_at").values_list("starts_at", flat=True)
    )


def movies_showing(*, now: datetime, day: date | None = None) -> set[int]:
    """The ids of the movies with a showtime on sale, ever or on one business day."""
    showtimes = Showtime.objects.on_sale(now=now)
    if day is not None:
        showtimes = showtimes.starting_between(*bounds(day))
    return set(showtimes.values_list("movie_id", flat=True))


def coming_soon(*, now: datetime) -> MovieQuerySet:
    """Movies in the catalogue that were never on sale: what was shown and is over is not coming.

    A draft is a plan that nobody is told of: its movie is coming only if its own date says so.
    """
    public = Showtime.objects.public().filter(movie=OuterRef("pk")).order_by("-starts_at")
    # For NOT IN or NOT EXISTS, MariaDB would read all showtimes there ever were; for this, the
    # latest of each movie.
    latest = Subquery(public.values("pk")[:1])
    never_on_sale = Movie.objects.alias(latest=latest).filter(latest=None)
    planned = Q(pk__in=Showtime.objects.values("movie_id"))
    return never_on_sale.filter(Q(release_date__gt=business_day(now)) | ~planned).by_title()


def was_shown(movie_id: int) -> bool:
    """Whether guests could ever find a showtime of this movie."""
    return Showtime.objects.filter(movie_id=movie_id).public().exists()
