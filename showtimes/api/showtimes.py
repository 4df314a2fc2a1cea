"""`/movies/:id/showtimes`, `/showtimes/:id`, and what showtimes add to the list of movies."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.permissions import DjangoModelPermissionsOrAnonReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from movies.api.movies import MovieList
from movies.api.serializers import MovieSerializer
from movies.models import Movie
from showtimes import scheduling
from showtimes.api.serializers import (
    ShowtimeSerializer,
    ShowtimeWithMovieSerializer,
    ShowtimeWriteSerializer,
)
from showtimes.errors import AuditoriumBusy, NonexistentTime, PastTime, TooFarAhead
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme import listing

FIRST_YEAR, LAST_YEAR = 1900, 2999


class MovieListByShowtime(MovieList):
    """The list of movies with the two filters that only showtimes can answer."""

    @extend_schema(
        responses=MovieSerializer(many=True),
        parameters=[
            OpenApiParameter("genre", str, description="Only movies of this genre."),
            OpenApiParameter("search", str, description="Words in title, people, description."),
            OpenApiParameter("date", date, description="With a showtime on this business day."),
            OpenApiParameter(
                "showing", str, enum=["now", "soon"], description="On sale now, or not yet."
            ),
        ],
    )
    @refuses(general.Invalid)
    def get(self, request: Request) -> Response:
        """All movies, by title."""
        return super().get(request)

    def filter_queryset(self, queryset: QuerySet[Movie]) -> QuerySet[Movie]:
        movies, now = super().filter_queryset(queryset), timezone.now()
        if day := asked_day(self.request):
            movies = movies.filter(pk__in=listing.movies_showing(now=now, day=day))
        showing = self.request.query_params.get("showing", "")
        if showing == "now":
            movies = movies.filter(pk__in=listing.movies_showing(now=now))
        elif showing == "soon":
            movies = movies.filter(pk__in=listing.coming_soon(now=now).values("pk"))
        elif showing:
            raise ValidationError({"showing": [_("Ask for “now” or “soon”.")]})
        return movies


class MovieShowtimes(GenericAPIView[Showtime]):
    queryset = Showtime.objects.all()
    serializer_class = ShowtimeSerializer
    permission_classes = (DjangoModelPermissionsOrAnonReadOnly,)

    @extend_schema(
        responses=ShowtimeSerializer(many=True),
        parameters=[
            OpenApiParameter(
                "date", date, description="Everything of this business day, past and cancelled too."
            )
        ],
    )
    @refuses(general.Invalid, general.NotFound)
    def get(self, request: Request, movie_id: int) -> Response:
        """A movie's showtimes in the order of their start; upcoming and on sale unless `date`."""
        now = timezone.now()
        showtimes = listing.of_movie(movie_id, now=now, day=asked_day(request))
        if request.user.has_perm("showtimes.view_showtime"):
            showtimes = listing.of_movie_for_staff(movie_id, now=now, day=asked_day(request))
        page = self.paginate_queryset(showtimes) or []
        if not page and not Movie.objects.filter(pk=movie_id).exists():
            raise NotFound
        data = ShowtimeSerializer(listing.listed(page, now=now), many=True).data
        response = self.get_paginated_response(data)
        response["Cache-Control"] = "public, max-age=0" if request.auth is None else "private"
        return response

    @extend_schema(request=ShowtimeWriteSerializer, responses={201: ShowtimeSerializer})
    @refuses(
        general.PermissionDenied,
        general.NotFound,
        PastTime,
        NonexistentTime,
        TooFarAhead,
        AuditoriumBusy,
    )
    def post(self, request: Request, movie_id: int) -> Response:
        """Create a showtime (managers). 409 `auditorium_busy` names the clash."""
        movie, now = get_object_or_404(Movie, pk=movie_id), timezone.now()
        form = ShowtimeWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        starts_at = form.validated_data["starts_at"]
        scheduling.validate_start(starts_at, now=now, field=form.start_field)
        given, rest = form.validated_data, form.attributes()
        if "auditoriumId" in given:
            auditorium = given["auditoriumId"]
            showtime = scheduling.schedule(movie, auditorium, starts_at, now=now, **rest)
        else:
            capacity = given["capacity"]
            showtime = scheduling.schedule_for(capacity, movie, starts_at, now=now, **rest)
        return Response(_shown(showtime), status=status.HTTP_201_CREATED)


class ShowtimeDetail(GenericAPIView[Showtime]):
    queryset = Showtime.objects.all()
    serializer_class = ShowtimeWithMovieSerializer
    permission_classes = (DjangoModelPermissionsOrAnonReadOnly,)

    @extend_schema(responses=ShowtimeWithMovieSerializer)
    @refuses(general.NotFound)
    def get(self, request: Request, showtime_id: int) -> Response:
        """One showtime, with its movie."""
        showtimes = Showtime.objects.with_auditorium().select_related("movie")
        showtime = get_object_or_404(showtimes, pk=showtime_id)
        if showtime.state == ShowtimeState.DRAFT and not request.user.has_perm(
            "showtimes.view_showtime"
        ):
            raise NotFound
        listed = listing.listed([showtime], now=timezone.now())[0]
        response = Response(ShowtimeWithMovieSerializer(listed).data)
        response["Cache-Control"] = "public, max-age=0" if request.auth is None else "private"
        return response


def asked_day(request: Request) -> date | None:
    """`?date=2026-11-22`. Raises ValidationError for what is no date."""
    raw = request.query_params.get("date", "")
    try:
        day = parse_date(raw) if raw else None
    except ValueError:
        day = None
    # A business day has bounds in UTC, which the first and the last days of the calendar have not.
    if raw and (day is None or not FIRST_YEAR <= day.year <= LAST_YEAR):
        raise ValidationError({"date": [_("Give a date like 2026-11-22.")]})
    return day


def _shown(showtime: Showtime) -> dict[str, Any]:
    return ShowtimeSerializer(listing.listed([showtime], now=timezone.now())[0]).data
