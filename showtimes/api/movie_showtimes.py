"""`/movies/:id/showtimes`: a movie's showtimes for everybody, new ones by managers."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import DjangoModelPermissionsOrAnonReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from movies import cached_reads
from movies.models import Movie
from showtimes import scheduling
from showtimes.api.audience import cache_control, may_see_drafts
from showtimes.api.business_day import asked_day
from showtimes.api.serializers import ShowtimeSerializer, ShowtimeWriteSerializer
from showtimes.errors import AuditoriumBusy, NonexistentTime, PastTime, TooFarAhead
from showtimes.models import Showtime
from showtimes.programme import listing
from showtimes.programme.listing import ListedShowtime

# A showtime that begins leaves the list by itself, and nobody changes anything then.
LISTED_SECONDS = 3
Listed = tuple[list[dict[str, Any]], dict[str, str]]


class MovieShowtimesViewSet(GenericViewSet[Showtime]):
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
    def list(self, request: Request, movie_id: int) -> Response:
        """A movie's showtimes in the order of their start; upcoming and on sale unless `date`."""
        now, staff = timezone.now(), may_see_drafts(request)
        # By our own clock: the list is of what has not begun at `now`.
        moment = int(now.timestamp()) // LISTED_SECONDS
        rows, headers = cached_reads.cached(
            f"showtimes:{moment}:{staff}:{request.build_absolute_uri()}",
            lambda: self.read(request, movie_id, staff=staff, now=now),
            LISTED_SECONDS,
        )
        headers = headers | {"Cache-Control": cache_control(request)}
        return Response(listing.with_free_seats(rows, now=now), headers=headers)

    @extend_schema(request=ShowtimeWriteSerializer, responses={201: ShowtimeSerializer})
    @refuses(
        general.PermissionDenied,
        general.NotFound,
        PastTime,
        NonexistentTime,
        TooFarAhead,
        AuditoriumBusy,
    )
    def create(self, request: Request, movie_id: int) -> Response:
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
        listed = listing.listed([showtime], now=timezone.now())[0]
        return Response(ShowtimeSerializer(listed).data, status=status.HTTP_201_CREATED)

    def read(self, request: Request, movie_id: int, *, staff: bool, now: datetime) -> Listed:
        """One page of the list and its headers, as if no seat were sold."""
        of_movie = listing.of_movie_for_staff if staff else listing.of_movie
        page = self.paginate_queryset(of_movie(movie_id, now=now, day=asked_day(request))) or []
        if not page and not Movie.objects.filter(pk=movie_id).exists():
            raise NotFound
        unsold = [ListedShowtime(showtime, showtime.auditorium.capacity) for showtime in page]
        data = [dict(row) for row in ShowtimeSerializer(unsold, many=True).data]
        response = self.get_paginated_response(data)
        return data, {name: response[name] for name in ("X-Total-Count", "Link")}
