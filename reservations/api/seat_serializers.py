"""Seat maps, suggestions and advice on the wire."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from reservations.errors import LeavesSeatAlone, SeatingRefused, TooManySeats, UnknownSeats
from reservations.seating.seat_map import MapRow, MapSeat, SeatMap
from reservations.seating.suggestions import Suggestions
from showtimes.api.serializers import MoneySerializer
from showtimes.models import SeatKind
from showtimes.seat_plan import Plan

LABELS = "Labels of seats, with commas between them: `F6,F7`."
MINE = f"{LABELS} What the asking guest holds of the showtime counts as free."


class MapSeatSerializer(serializers.Serializer[MapSeat]):
    label = serializers.CharField()
    kind = serializers.ChoiceField(SeatKind.choices)
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    price = MoneySerializer()
    state = serializers.ChoiceField(["free", "held", "sold", "blocked"])


class MapRowSerializer(serializers.Serializer[MapRow]):
    label = serializers.CharField()
    seats = MapSeatSerializer(many=True)


class SeatMapSerializer(serializers.Serializer[SeatMap]):
    """Describes `seat_map_json`; four hundred seats are too many for a serializer to walk."""

    showtimeId = serializers.IntegerField()
    rows = MapRowSerializer(many=True)
    seatsAvailable = serializers.IntegerField()


def seat_map_json(seats: SeatMap) -> dict[str, Any]:
    """The map as clients read it; x and y count cells from the top left."""
    currency = settings.CURRENCY
    return {
        "showtimeId": seats.showtime_id,
        "rows": [
            {
                "label": row.label,
                "seats": [
                    {
                        "label": seat.label,
                        "kind": seat.kind,
                        "x": seat.x,
                        "y": seat.y,
                        "price": {"amount": seat.price, "currency": currency},
                        "state": seat.state,
                    }
                    for seat in row.seats
                ],
            }
            for row in seats.rows
        ],
        "seatsAvailable": seats.seats_available,
    }


class SuggestionsWishSerializer(serializers.Serializer[Any]):
    party = serializers.IntegerField(min_value=1, help_text="How many are to sit together.")
    mine = serializers.CharField(required=False, default="", help_text=MINE)
    chosen = serializers.CharField(
        required=False, default="", help_text=f"{LABELS} Chosen for others of the party already."
    )

    def validate_party(self, party: int) -> int:
        if party > settings.SEATS_PER_RESERVATION:
            raise serializers.ValidationError(str(TooManySeats(settings.SEATS_PER_RESERVATION)))
        return party


class SuggestionsSerializer(serializers.Serializer[Suggestions]):
    """Describes `suggestions_json`."""

    party = serializers.IntegerField()
    best = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Groups of the whole party that share no seat, the best first.",
    )
    bySeat = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="For each free seat, who of the party would sit together there.",
    )


def suggestions_json(party: int, suggestions: Suggestions) -> dict[str, Any]:
    return {"party": party, "best": suggestions.best, "bySeat": suggestions.by_seat}


class AdviceWishSerializer(serializers.Serializer[Any]):
    seats = serializers.CharField(help_text=LABELS)
    mine = serializers.CharField(required=False, default="", help_text=MINE)


# An alternative. The API says `Fix` and `fixes` since 1.0.0, and programs read them, so they stay.
class FixSerializer(serializers.Serializer[Any]):
    seats = serializers.ListField(child=serializers.CharField())
    words = serializers.CharField()


class AdviceSerializer(serializers.Serializer[Any]):
    """`code`, `detail` and `leftAlone` are absent where there is nothing to say."""

    code = serializers.ChoiceField(["leaves_seat_alone", "companion_alone"], required=False)
    detail = serializers.CharField(required=False)
    leftAlone = serializers.ListField(child=serializers.CharField(), required=False)
    fixes = FixSerializer(many=True)


def advice_json(refusal: SeatingRefused | None) -> dict[str, Any]:
    if refusal is None:
        return {"fixes": []}
    alone = {"leftAlone": refusal.alone} if isinstance(refusal, LeavesSeatAlone) else {}
    alternatives = [{"seats": way.seats, "words": way.words} for way in refusal.alternatives]
    return {"code": refusal.code, "detail": str(refusal), **alone, "fixes": alternatives}


def labels_in(text: str) -> list[str]:
    """`f6, F7` as F6 and F7."""
    return [label.strip().upper() for label in text.split(",") if label.strip()]


def keys_in(text: str, plan: Plan) -> set[int]:
    """The keys of the seats in `F6,F7`. Raises UnknownSeats."""
    labels = labels_in(text)
    if unknown := [label for label in labels if label not in plan.by_label]:
        raise UnknownSeats(unknown)
    return {plan.by_label[label].pk for label in labels}
