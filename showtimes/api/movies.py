"""`/movies`, with the two filters that only showtimes can answer."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from movies.api.movies import FILTERS, MovieActions
from movies.api.serializers import MovieSerializer
from movies.models import Movie
from showtimes.api.business_day import asked_day
from showtimes.programme import listing


class MovieViewSet(MovieActions):
    @extend_schema(
        responses=MovieSerializer(many=True),
        parameters=[
            *FILTERS,
            OpenApiParameter("date", date, description="With a showtime on this business day."),
            OpenApiParameter(
                "showing", str, enum=["now", "soon"], description="On sale now, or not yet."
            ),
        ],
    )
    @refuses(general.Invalid)
    def list(self, request: Request) -> HttpResponse:
        """All movies, by title."""
        return super().list(request)

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
