"""Showtimes on the wire."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moviereservation.web.text_fields import Text
from movies.api.serializers import MovieSerializer
from showtimes import scheduling
from showtimes.models import Auditorium, Showtime, ShowtimeState, checked_prices
from showtimes.programme.listing import ListedShowtime

ACCESSIBILITY = {
    "captions": "has_captions",
    "audio_description": "has_audio_description",
    "relaxed": "is_relaxed",
}


class Moment(serializers.DateTimeField):
    """An instant. One without an offset is the cinema's local time, if there is such a time."""

    def to_internal_value(self, value: Any) -> datetime:
        # Python reads a mere date as its midnight; nobody who forgot the time meant that.
        if isinstance(value, str) and ":" not in value:
            self.fail("invalid", format="2026-11-22T19:30-05:00")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            return scheduling.local_start(value.date(), value.time(), field="startsAt")
        return value


class AuditoriumSerializer(serializers.ModelSerializer[Auditorium]):
    class Meta:
        model = Auditorium
        fields = ("id", "name")
        read_only_fields = fields


class MoneySerializer(serializers.Serializer[Any]):
    amount = serializers.IntegerField(help_text="Minor units.")
    currency = serializers.CharField()


class ShowtimeSerializer(serializers.Serializer[ListedShowtime]):
    """A showtime with what is left of it."""

    id = serializers.IntegerField(source="showtime.pk")
    movieId = serializers.IntegerField(source="showtime.movie_id")
    auditorium = AuditoriumSerializer(source="showtime.auditorium")
    startsAt = serializers.DateTimeField(source="showtime.starts_at")
    endsAt = serializers.DateTimeField(source="showtime.ends_at")
    state = serializers.ChoiceField(ShowtimeState.choices, source="showtime.state")
    format = serializers.CharField(source="showtime.format")
    language = serializers.CharField(source="showtime.language")
    accessibility = serializers.ListField(
        child=serializers.CharField(), source="showtime.accessibility"
    )
    capacity = serializers.IntegerField()
    seatsAvailable = serializers.IntegerField(source="seats_available")
    fromPrice = serializers.SerializerMethodField()

    @extend_schema_field(MoneySerializer)
    def get_fromPrice(self, listed: ListedShowtime) -> dict[str, Any]:
        return money(listed.showtime.from_price)


class ShowtimeWithMovieSerializer(ShowtimeSerializer):
    movie = MovieSerializer(source="showtime.movie")


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class PricesField(serializers.JSONField):
    """`{"standard": 1200, "premium": 1500}`."""


class ShowtimeWriteSerializer(serializers.Serializer[Showtime]):
    """`startsAt` and `auditoriumId`; or `date`, `time` (both local) and `capacity`."""

    startsAt = Moment(required=False, help_text="ISO 8601; without an offset it is local.")
    auditoriumId = serializers.PrimaryKeyRelatedField(
        queryset=Auditorium.objects.all(), pk_field=serializers.IntegerField(), required=False
    )
    date = serializers.DateField(required=False)
    time = serializers.TimeField(required=False, help_text="Local, 24 hours: 19:30.")
    capacity = serializers.IntegerField(required=False, min_value=1, max_value=1000)
    prices = PricesField(required=False, help_text="Minor units by kind of seat.")
    format = Text(max_length=40, required=False)
    language = Text(max_length=80, required=False, allow_blank=True)
    accessibility = serializers.ListField(
        child=serializers.ChoiceField(list(ACCESSIBILITY)), required=False, max_length=10
    )
    state = serializers.ChoiceField([ShowtimeState.DRAFT, ShowtimeState.ON_SALE], required=False)

    def validate_prices(self, prices: Any) -> dict[str, int]:
        try:
            return checked_prices(prices)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Adds `starts_at`, whichever way it was said."""
        if "startsAt" in attrs:
            starts_at = attrs["startsAt"]
        else:
            missing = [name for name in ("date", "time") if name not in attrs]
            if len(missing) == 2:
                missing = ["startsAt"]
            if missing:
                raise serializers.ValidationError(
                    {name: [_("This is needed.")] for name in missing}
                )
            starts_at = scheduling.local_start(attrs["date"], attrs["time"])
        if "auditoriumId" not in attrs and "capacity" not in attrs:
            raise serializers.ValidationError({"auditoriumId": [_("This is needed.")]})
        return attrs | {"starts_at": starts_at}

    @property
    def start_field(self) -> str:
        """The field that said when, for what is wrong with it."""
        return "startsAt" if "startsAt" in self.validated_data else "date"

    def attributes(self) -> dict[str, Any]:
        """What `scheduling.schedule` takes beside movie, auditorium and start."""
        given = self.validated_data
        kept = {
            name: given[name] for name in ("prices", "format", "language", "state") if name in given
        }
        flags = {ACCESSIBILITY[name]: True for name in given.get("accessibility", ())}
        return kept | flags


def money(amount: int, currency: str | None = None) -> dict[str, Any]:
    """`{"amount": 2400, "currency": "usd"}`."""
    return {"amount": amount, "currency": currency or settings.CURRENCY}
