"""Movies on the wire."""

from typing import Any

from rest_framework import serializers

from moviereservation.web.text_fields import Text
from movies.models import Movie, validate_web_address


class GenreNames(serializers.ListField):
    """`["Drama", "Comedy"]`, or one string with commas between the names."""

    child = Text(max_length=60)

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, str):
            data = [name for name in data.split(",") if name.strip()]
        return super().to_internal_value(data)


class MovieSerializer(serializers.ModelSerializer[Movie]):
    """What clients read. The poster's address may be a path on this site."""

    originalTitle = serializers.CharField(source="original_title")
    genres = serializers.ListField(child=serializers.CharField(), source="genre_list")
    posterImage = serializers.SerializerMethodField()
    posterAlt = serializers.CharField(source="poster_alt")
    runtimeMinutes = serializers.IntegerField(source="runtime_minutes", allow_null=True)
    ratingReason = serializers.CharField(source="rating_reason")
    releaseDate = serializers.DateField(source="release_date", allow_null=True)
    trailerUrl = serializers.CharField(source="trailer_url")

    class Meta:
        model = Movie
        fields = (
            "id", "title", "originalTitle", "slug", "summary", "description", "genres",
            "posterImage", "posterAlt", "runtimeMinutes", "rating", "ratingReason", "releaseDate",
            "directors", "cast", "language", "country", "trailerUrl",
        )  # fmt: skip
        read_only_fields = fields

    def get_posterImage(self, movie: Movie) -> str | None:
        return movie.poster_image or None


class MovieWriteSerializer(serializers.Serializer[Movie]):
    """What managers send. `genre` is read as `genres`."""

    title = Text(max_length=200)
    originalTitle = Text(source="original_title", max_length=200, allow_blank=True, required=False)
    summary = Text(max_length=300, allow_blank=True, required=False)
    description = Text(max_length=10_000, allow_blank=True, required=False)
    genres = GenreNames(max_length=20, required=False)
    genre = GenreNames(max_length=20, required=False)
    posterImage = Text(
        source="poster_url",
        max_length=1000,
        allow_blank=True,
        allow_null=True,
        required=False,
        validators=[validate_web_address],
    )
    posterAlt = Text(source="poster_alt", max_length=300, allow_blank=True, required=False)
    runtimeMinutes = serializers.IntegerField(
        source="runtime_minutes", min_value=1, max_value=900, allow_null=True, required=False
    )
    rating = Text(max_length=20, allow_blank=True, required=False)
    ratingReason = Text(source="rating_reason", max_length=200, allow_blank=True, required=False)
    releaseDate = serializers.DateField(source="release_date", allow_null=True, required=False)
    directors = Text(max_length=200, allow_blank=True, required=False)
    cast = Text(max_length=500, allow_blank=True, required=False)
    language = Text(max_length=80, allow_blank=True, required=False)
    country = Text(max_length=80, allow_blank=True, required=False)
    trailerUrl = serializers.URLField(
        source="trailer_url", max_length=500, allow_blank=True, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        older_name = attrs.pop("genre", None)
        if older_name is not None:
            attrs.setdefault("genres", older_name)
        if "poster_url" in attrs:
            attrs["poster_url"] = attrs["poster_url"] or ""
        return attrs


class MessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField(read_only=True)
