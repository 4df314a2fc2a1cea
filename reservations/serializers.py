"""Reservations and seat maps on the wire."""

import functools
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from movies import catalogue
from movies.serializers import Text
from payments.models import Refund
from reservations import claims
from reservations.models import Reservation, ReservedSeat, State
from reservations.seat_map import MapRow, MapSeat, SeatMap
from reservations.tickets import code_of
from showtimes.models import SeatKind, Showtime, ShowtimeState
from showtimes.serializers import AuditoriumSerializer, MoneySerializer, MovieSerializer, money


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


class BookedShowtimeSerializer(serializers.ModelSerializer[Showtime]):
    """The showtime of a reservation, with its movie."""

    movie = MovieSerializer()
    movieId = serializers.IntegerField(source="movie_id")
    auditorium = AuditoriumSerializer()
    startsAt = serializers.DateTimeField(source="starts_at")
    endsAt = serializers.DateTimeField(source="ends_at")
    state = serializers.ChoiceField(ShowtimeState.choices)

    class Meta:
        model = Showtime
        fields = ("id", "movieId", "movie", "auditorium", "startsAt", "endsAt", "state", "format")
        read_only_fields = fields


class RefundSerializer(serializers.Serializer[Refund]):
    amount = serializers.IntegerField()
    currency = serializers.CharField(source="payment.currency")
    status = serializers.CharField(help_text="`due` until Stripe has it, then Stripe's status.")
    createdAt = serializers.DateTimeField(source="created_at")


class ReservedSeatSerializer(serializers.Serializer[ReservedSeat]):
    """Describes `_seat`."""

    label = serializers.CharField()
    kind = serializers.ChoiceField(SeatKind.choices)
    price = MoneySerializer()
    ticketCode = serializers.CharField(required=False, help_text="Once it is confirmed.")


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    """A reservation as its guest sees it."""

    state = serializers.ChoiceField(State.choices)
    showtime = BookedShowtimeSerializer()
    seats = serializers.SerializerMethodField()
    heldUntil = serializers.SerializerMethodField()
    cancellableUntil = serializers.DateTimeField(source="cancellable_until")
    createdAt = serializers.DateTimeField(source="created_at")
    confirmedAt = serializers.DateTimeField(source="confirmed_at", allow_null=True)
    refund = serializers.SerializerMethodField()

    class Meta:
        model = Reservation
        fields = (
            "id", "reference", "state", "showtime", "seats", "amount", "currency", "heldUntil",
            "cancellableUntil", "createdAt", "confirmedAt", "refund",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ReservedSeatSerializer(many=True))
    def get_seats(self, reservation: Reservation) -> list[dict[str, Any]]:
        return [
            _seat(claim, with_ticket=reservation.is_confirmed) for claim in reservation.seats.all()
        ]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_heldUntil(self, reservation: Reservation) -> str | None:
        if reservation.state != State.HELD:
            return None
        return serializers.DateTimeField().to_representation(reservation.held_until)

    @extend_schema_field(RefundSerializer(allow_null=True))
    def get_refund(self, reservation: Reservation) -> dict[str, Any] | None:
        if reservation.payment is None:
            return None
        refunds = list(reservation.payment.refunds.all())
        return RefundSerializer(refunds[-1]).data if refunds else None


def held_json(reservation: Reservation) -> dict[str, Any]:
    """What ReservationSerializer says of a hold, without a query for one that was just made."""
    moment = serializers.DateTimeField().to_representation
    return {
        "id": reservation.pk,
        "reference": reservation.reference,
        "state": State(reservation.state).value,
        "showtime": _booked_showtime(reservation.showtime_id, catalogue.recent_version()),
        "seats": [
            {"label": f"{row}{number}", "kind": kind, "price": money(price)}
            for row, number, kind, price in _held_seats(reservation)
        ],
        "amount": reservation.amount,
        "currency": reservation.currency,
        "heldUntil": moment(reservation.held_until),
        "cancellableUntil": moment(reservation.cancellable_until),
        "createdAt": moment(reservation.created_at),
        "confirmedAt": None,
        "refund": None,
    }


def _held_seats(reservation: Reservation) -> Iterable[tuple[str, int, str, int]]:
    """Row, number, kind and price, from the picture, left to right."""
    if reservation.chosen is None:
        return claims.seats_of(reservation.pk)
    chosen = sorted(reservation.chosen, key=lambda pair: (pair[0].y, pair[0].x))
    return [(seat.row, seat.number, seat.kind, price) for seat, price in chosen]


class GuestSerializer(serializers.Serializer[User]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()


class ReservationForStaffSerializer(ReservationSerializer):
    guest = serializers.SerializerMethodField()

    class Meta(ReservationSerializer.Meta):
        fields = (*ReservationSerializer.Meta.fields, "guest")
        read_only_fields = fields

    @extend_schema_field(GuestSerializer(allow_null=True))
    def get_guest(self, reservation: Reservation) -> dict[str, Any] | None:
        guest: User | None = reservation.guest
        return {"id": guest.pk, "name": guest.name, "email": guest.email} if guest else None


class ShowtimeReservationsSerializer(serializers.Serializer[Any]):
    showtime = BookedShowtimeSerializer()
    reservations = ReservationForStaffSerializer(many=True)
    totalSeatsReserved = serializers.IntegerField()
    capacity = serializers.IntegerField()
    occupancy = serializers.FloatField(help_text="From 0 to 1.")
    revenue = MoneySerializer(help_text="Captured less refunded.")


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

    default_error_messages = {"invalid": "Give a list of seat labels, or how many seats."}

    def to_internal_value(self, data: Any) -> list[str] | int:
        if type(data) is int:
            return data
        if isinstance(data, str):
            data = [label for label in data.split(",") if label.strip()]
        if not isinstance(data, list) or not all(type(label) is str for label in data):
            self.fail("invalid")
        if any(len(label) > 12 or "\x00" in label for label in data):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class IntentWishSerializer(serializers.Serializer[Any]):
    """An amount or a currency that a client sends is ignored: our prices count."""

    showtimeId = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    seats = SeatsField()


class IntentSerializer(serializers.Serializer[Any]):
    clientSecret = serializers.CharField()
    paymentIntentId = serializers.CharField()
    publishableKey = serializers.CharField()
    reservation = ReservationSerializer()


class SettleSerializer(serializers.Serializer[Any]):
    paymentIntentId = Text(max_length=100)


class CancelledSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    reservation = ReservationSerializer()
    refund = RefundSerializer(allow_null=True)


@functools.lru_cache(256)
def _booked_showtime(showtime_id: int, version: str) -> dict[str, Any]:
    """The showtime of a reservation, kept in this process while the catalogue stays as it is."""
    showtime = Showtime.objects.select_related("movie", "auditorium").get(pk=showtime_id)
    return BookedShowtimeSerializer(showtime).data


def _seat(claim: ReservedSeat, *, with_ticket: bool) -> dict[str, Any]:
    seat: dict[str, Any] = {
        "label": claim.seat.label,
        "kind": claim.seat.kind,
        "price": money(claim.price),
    }
    if with_ticket:
        seat["ticketCode"] = code_of(claim)
    return seat
