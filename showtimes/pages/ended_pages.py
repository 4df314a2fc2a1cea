"""410: a movie or a showtime that was here and is over, and what there is instead."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from moviereservation.business_day import business_day
from movies.models import Movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme import listing
from showtimes.programme.listing import ListedShowtime
from showtimes.programme.whats_on import by_business_day

MOVIES_SHOWN = 6
DAYS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class EndedPage:
    """`showtime` is None where a whole movie has left the programme, on `last_day`.

    `days` are the movie's next showtimes; without any, `instead` are movies that are on.
    """

    movie: Movie
    showtime: Showtime | None
    last_day: date | None
    days: list[tuple[date, list[ListedShowtime]]]
    instead: list[Movie]

    @property
    def is_cancelled(self) -> bool:
        return self.showtime is not None and self.showtime.state == ShowtimeState.CANCELLED


def movie_is_over(request: HttpRequest, movie: Movie, *, now: datetime) -> HttpResponse:
    """For a movie of which nothing can be booked any more."""
    return _page(request, EndedPage(movie, None, _last_day(movie, now=now), [], _instead(now=now)))


def showtime_is_over(request: HttpRequest, showtime_id: int, *, now: datetime) -> HttpResponse:
    """Also for a showtime that was cancelled."""
    showtime = Showtime.objects.select_related("movie").get(pk=showtime_id)
    movie = showtime.movie
    upcoming = listing.listed(listing.of_movie(movie.pk, now=now), now=now)
    days = by_business_day(upcoming)[:DAYS_SHOWN]
    return _page(request, EndedPage(movie, showtime, None, days, [] if days else _instead(now=now)))


def _page(request: HttpRequest, ended: EndedPage) -> HttpResponse:
    return render(request, "410.html", {"ended": ended}, status=410)


def _last_day(movie: Movie, *, now: datetime) -> date | None:
    shown = movie.showtimes.filter(state=ShowtimeState.ON_SALE, starts_at__lte=now)
    last = shown.order_by("-starts_at").values_list("starts_at", flat=True).first()
    return business_day(last) if last else None


def _instead(*, now: datetime) -> list[Movie]:
    """What begins next, each movie once."""
    soon = Showtime.objects.on_sale(now=now).order_by("starts_at").values_list("movie_id")
    ids = list(dict.fromkeys(movie_id for (movie_id,) in soon[:60]))[:MOVIES_SHOWN]
    movies = Movie.objects.in_bulk(ids)
    return [movies[movie_id] for movie_id in ids]
