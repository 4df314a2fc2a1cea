"""Reservations as programs read them."""

from collections.abc import Collection
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from movies import cached_reads
from movies.api.serializers import MovieSerializer
from payments.models import Refund
from reservations.booking import Held
from reservations.checkout import Settled
from reservations.models import Reservation, ReservedSeat, State
from reservations.tickets.codes import code_of
from showtimes.api.serializers import AuditoriumSerializer, MoneySerializer, money
from showtimes.models import SeatKind, Showtime, ShowtimeState

_DATETIME = serializers.DateTimeField()


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
    returnedSeats = serializers.SerializerMethodField()
    refund = serializers.SerializerMethodField()
    refunds = serializers.SerializerMethodField()

    class Meta:
        model = Reservation
        fields = (
            "id", "reference", "state", "showtime", "seats", "amount", "currency", "heldUntil",
            "cancellableUntil", "createdAt", "confirmedAt", "returnedSeats", "refund", "refunds",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ReservedSeatSerializer(many=True))
    def get_seats(self, reservation: Reservation) -> list[dict[str, Any]]:
        return [
            _seat(claim, with_ticket=reservation.is_confirmed) for claim in reservation.kept_seats
        ]

    @extend_schema_field(
        serializers.ListField(
            child=serializers.CharField(),
            help_text="Labels of seats that were given back; `seats` and `amount` are the others.",
        )
    )
    def get_returnedSeats(self, reservation: Reservation) -> list[str]:
        return [claim.label for claim in reservation.returned_seats]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_heldUntil(self, reservation: Reservation) -> str | None:
        if reservation.state != State.HELD:
            return None
        return serializers.DateTimeField().to_representation(reservation.held_until)

    @extend_schema_field(RefundSerializer(allow_null=True, help_text="The latest."))
    def get_refund(self, reservation: Reservation) -> dict[str, Any] | None:
        refunds = self.get_refunds(reservation)
        return refunds[-1] if refunds else None

    @extend_schema_field(RefundSerializer(many=True))
    def get_refunds(self, reservation: Reservation) -> list[dict[str, Any]]:
        if reservation.payment is None:
            return []
        refunds = sorted(reservation.payment.refunds.all(), key=lambda refund: refund.pk)
        return [RefundSerializer(refund).data for refund in refunds]


def held_json(held: Held) -> dict[str, Any]:
    """What ReservationSerializer says of a hold, without a query for a hold that was just made."""
    if held.seats is None:
        seats = _seats_of(held.reservation)
    else:
        in_order = sorted(held.seats, key=lambda pair: (pair[0].y, pair[0].x))
        seats = [
            {"label": seat.label, "kind": seat.kind, "price": money(price)}
            for seat, price in in_order
        ]
    return _known_json(held.reservation, seats, [])


def sold_json(settled: Settled) -> dict[str, Any]:
    """What ReservationSerializer says of a sale, from what settling it has read."""
    if settled.is_fresh:  # of a sale that was just made nothing was paid back
        return _known_json(settled.reservation, _seats_of(settled.reservation), [])
    return reservation_json(settled.reservation)


def reservations_json(reservations: Collection[Reservation]) -> list[dict[str, Any]]:
    know_showtimes({reservation.showtime_id for reservation in reservations})
    return [reservation_json(reservation) for reservation in reservations]


def reservation_json(reservation: Reservation) -> dict[str, Any]:
    """What ReservationSerializer says, with the showtime out of this process's memory."""
    refunds: list[Refund] = []
    if reservation.payment is not None:
        refunds = sorted(reservation.payment.refunds.all(), key=lambda refund: refund.pk)
    return _known_json(reservation, _seats_of(reservation), refunds)


def _seats_of(reservation: Reservation) -> list[dict[str, Any]]:
    return [_seat(claim, with_ticket=reservation.is_confirmed) for claim in reservation.kept_seats]


def _known_json(
    reservation: Reservation, seats: list[dict[str, Any]], refunds: list[Refund]
) -> dict[str, Any]:
    paid_back = [dict(RefundSerializer(refund).data) for refund in refunds]
    moment, is_held = _DATETIME.to_representation, reservation.state == State.HELD
    return {
        "id": reservation.pk,
        "reference": reservation.reference,
        "state": State(reservation.state).value,
        "showtime": _booked_showtime(reservation.showtime_id),
        "seats": seats,
        "amount": reservation.amount,
        "currency": reservation.currency,
        "heldUntil": moment(reservation.held_until) if is_held else None,
        "cancellableUntil": moment(reservation.cancellable_until),
        "createdAt": moment(reservation.created_at),
        "confirmedAt": moment(reservation.confirmed_at),
        "returnedSeats": [] if is_held else [c.label for c in reservation.returned_seats],
        "refund": paid_back[-1] if paid_back else None,
        "refunds": paid_back,
    }


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


class IntentSerializer(serializers.Serializer[Any]):
    clientSecret = serializers.CharField()
    paymentIntentId = serializers.CharField()
    publishableKey = serializers.CharField()
    reservation = ReservationSerializer()


class CancelledSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    reservation = ReservationSerializer()
    refund = RefundSerializer(allow_null=True)


_booked: dict[tuple[int, str], Any] = {}
MOST_BOOKED = 1000


def know_showtimes(ids: Collection[int]) -> str:
    """Read the showtimes of reservations that this process does not know yet; return the version.

    They are kept while the catalogue stays as it is.
    """
    version = cached_reads.recent_version()
    missing = [pk for pk in ids if (pk, version) not in _booked]
    if missing:
        if len(_booked) > MOST_BOOKED:
            _booked.clear()
        with_movie = Showtime.objects.select_related("movie", "auditorium")
        for showtime in with_movie.prefetch_related("movie__genres").filter(pk__in=missing):
            _booked[showtime.pk, version] = BookedShowtimeSerializer(showtime).data
    return version


def _booked_showtime(showtime_id: int) -> Any:
    version = know_showtimes([showtime_id])
    return _booked[showtime_id, version]


def _seat(claim: ReservedSeat, *, with_ticket: bool) -> dict[str, Any]:
    seat: dict[str, Any] = {
        "label": claim.seat.label,
        "kind": claim.seat.kind,
        "price": money(claim.price),
    }
    if with_ticket:
        seat["ticketCode"] = code_of(claim)
    return seat
