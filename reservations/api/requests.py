"""What programs ask for: seats to hold, an intent to settle, seats to give back."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moviereservation.web.converters import LARGEST_KEY
from moviereservation.web.text_fields import Text
from reservations.seating.wishes import BestTogether, Labels, Wish


@extend_schema_field(
    {
        "oneOf": [
            {"type": "array", "items": {"type": "string", "maxLength": 12}, "minItems": 1},
            {"type": "integer", "minimum": 1},
        ],
        "description": "Labels, or how many: then the best so many together.",
    }
)
class SeatsField(serializers.Field[Any, Any, Any, Any]):
    """`["C7", "C8"]`, or `2` for the best two together."""

    default_error_messages = {"invalid": _lazy("Give a list of seat labels, or how many seats.")}

    def to_internal_value(self, data: Any) -> Wish:
        if type(data) is int:
            return BestTogether(data)
        if isinstance(data, str):
            data = [label for label in data.split(",") if label.strip()]
        if not isinstance(data, list) or not all(type(label) is str for label in data):
            self.fail("invalid")
        if any(len(label) > 12 or "\x00" in label for label in data):
            self.fail("invalid")
        return Labels(data)

    def to_representation(self, value: Any) -> Any:
        return value


class SeatsToGiveBackSerializer(serializers.Serializer[Any]):
    """Without seats it is all of them."""

    seats = SeatsField(required=False, allow_null=True)

    def validate_seats(self, seats: Wish | None) -> list[str] | None:
        if isinstance(seats, BestTogether):
            raise serializers.ValidationError(_("Give a list of seat labels."))
        return None if seats is None else list(seats.labels)


class IntentWishSerializer(serializers.Serializer[Any]):
    """An amount or a currency that a client sends is ignored: our prices count."""

    showtimeId = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    seats = SeatsField()


class SettleSerializer(serializers.Serializer[Any]):
    paymentIntentId = Text(max_length=100)
