"""`/movies`: the catalogue for everybody, its upkeep for managers."""

import hashlib

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import DjangoModelPermissionsOrAnonReadOnly
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from movies import cached_reads, catalogue
from movies.api.serializers import MessageSerializer, MovieSerializer, MovieWriteSerializer
from movies.errors import MovieHasSales, RuntimeRefused
from movies.models import Movie

FILTERS = [
    OpenApiParameter("genre", str, description="Only movies of this genre."),
    OpenApiParameter("search", str, description="Words in title, people, description."),
]


class MovieActions(GenericViewSet[Movie]):
    """Registered with what showtimes add to it."""

    queryset = Movie.objects.all()
    serializer_class = MovieSerializer
    permission_classes = (DjangoModelPermissionsOrAnonReadOnly,)
    lookup_url_kwarg = "movie_id"
    lookup_value_converter = "key"

    @extend_schema(responses=MovieSerializer(many=True), parameters=FILTERS)
    @refuses(general.Invalid)
    def list(self, request: Request) -> HttpResponse:
        """All movies, by title."""
        # The text is cached, and not its rows: writing a hundred movies costs more than all else.
        text, headers = cached_reads.cached(
            f"movies:{request.accepted_media_type}:{request.build_absolute_uri()}",
            lambda: self.read(request),
        )
        return HttpResponse(text, headers=headers)

    @extend_schema(request=MovieWriteSerializer, responses={201: MovieSerializer})
    @refuses(general.PermissionDenied)
    def create(self, request: Request) -> Response:
        """Create a movie (managers)."""
        form = MovieWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        fields = dict(form.validated_data)
        movie = catalogue.add(fields, fields.pop("genres", []))
        return Response(MovieSerializer(movie).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=MovieSerializer)
    @refuses(general.NotFound)
    def retrieve(self, request: Request, movie_id: int) -> Response:
        """One movie."""
        movie = get_object_or_404(Movie.objects.with_genre_names(), pk=movie_id)
        return Response(MovieSerializer(movie).data, headers={"Cache-Control": "public, max-age=0"})

    @extend_schema(request=MovieWriteSerializer, responses=MovieSerializer)
    @refuses(general.PermissionDenied, general.NotFound, RuntimeRefused)
    def update(self, request: Request, movie_id: int) -> Response:
        """Update a movie (managers)."""
        return self._change(request, movie_id, partial=False)

    @extend_schema(request=MovieWriteSerializer, responses=MovieSerializer)
    @refuses(general.PermissionDenied, general.NotFound, RuntimeRefused)
    def partial_update(self, request: Request, movie_id: int) -> Response:
        """Update some fields of a movie (managers)."""
        return self._change(request, movie_id, partial=True)

    @extend_schema(responses={200: MessageSerializer})
    @refuses(general.PermissionDenied, general.NotFound, MovieHasSales)
    def destroy(self, request: Request, movie_id: int) -> Response:
        """Delete a movie nobody has booked (managers)."""
        movie = get_object_or_404(Movie, pk=movie_id)
        catalogue.remove(movie)
        return Response({"message": _("“%(title)s” was deleted.") % {"title": movie.title}})

    def read(self, request: Request) -> tuple[bytes, dict[str, str]]:
        """One page of the list as JSON, and its headers, from the database in one query."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        data = MovieSerializer(page, many=True).data
        text = JSONRenderer().render(data, request.accepted_media_type)
        headers = dict(self.get_paginated_response(data).headers) | {
            "Content-Type": "application/json",
            "Cache-Control": "public, max-age=0",
            "ETag": quote_etag(hashlib.sha256(text).hexdigest()[:32]),
        }
        return text, headers

    def filter_queryset(self, queryset: QuerySet[Movie]) -> QuerySet[Movie]:
        movies = Movie.objects.by_title().with_genre_names()
        if genre := self.request.query_params.get("genre", "").strip():
            movies = movies.of_genre(genre)
        if words := self.request.query_params.get("search", "").strip():
            movies = movies.matching(words[:200])
        return movies

    def _change(self, request: Request, movie_id: int, *, partial: bool) -> Response:
        movie = get_object_or_404(Movie, pk=movie_id)
        form = MovieWriteSerializer(data=request.data, partial=partial)
        form.is_valid(raise_exception=True)
        fields = dict(form.validated_data)
        movie = catalogue.change(movie, fields, fields.pop("genres", None))
        return Response(MovieSerializer(movie).data)
