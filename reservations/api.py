"""Holding, paying, cancelling, and the seat map, over the API."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reservations import booking, checkout
from reservations.errors import StillDeciding, UnknownReservation
from reservations.holders import Holder
from reservations.limits import INTENTS_BY_GUEST
from reservations.models import Reservation, ReservationQuerySet, State
from reservations.reports import showtime_report
from reservations.seat_map import seat_map
from reservations.serializers import (
    CancelledSerializer,
    IntentSerializer,
    IntentWishSerializer,
    RefundSerializer,
    ReservationSerializer,
    SeatMapSerializer,
    SettleSerializer,
    ShowtimeReservationsSerializer,
    held_json,
    seat_map_json,
)
from showtimes.models import Showtime


class SeatMapView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=SeatMapSerializer)
    def get(self, request: Request, showtime_id: int) -> Response:
        """Every seat of a showtime: where it is, what it costs, whether it is free."""
        seats = seat_map(int(showtime_id), now=timezone.now())
        return Response(seat_map_json(seats), headers={"Cache-Control": "public, max-age=0"})


class CreatePaymentIntent(APIView):
    @extend_schema(
        request=IntentWishSerializer, responses={201: IntentSerializer, 200: IntentSerializer}
    )
    def post(self, request: Request) -> Response:
        """Hold seats and get the PaymentIntent to pay for them; the seats are held from now.

        The same seats again answer 200 with the same intent. 409 `seats_taken` says which and what
        is free instead.
        """
        INTENTS_BY_GUEST.spend(str(request.user.pk))
        form = IntentWishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now, wish = timezone.now(), form.validated_data
        holder = Holder(guest_id=request.user.pk)
        reservation = booking.hold(holder, wish["showtimeId"], wish["seats"], now=now)
        is_new = reservation.payment_id is None
        payment = checkout.start(reservation, request.user, now=now)
        if reservation.replaces is not None:
            checkout.drop_replaced(reservation, now=now)
        answer = {
            "clientSecret": payment.client_secret,
            "paymentIntentId": payment.intent_id,
            "publishableKey": settings.STRIPE_PUBLISHABLE_KEY,
            "reservation": held_json(reservation),
        }
        return Response(answer, status=201 if is_new else 200)


class CreateReservation(APIView):
    @extend_schema(
        request=SettleSerializer,
        responses={201: ReservationSerializer, 200: ReservationSerializer,
                   202: ReservationSerializer},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Confirm the reservation that this intent has paid for. Stripe is asked whether it has.

        202 while the bank is still deciding; ask again, or wait: it finishes by itself.
        """
        form = SettleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        intent_id = form.validated_data["paymentIntentId"]
        reservation = request.user.reservations.filter(payment__intent_id=intent_id).first()
        if reservation is None:
            raise UnknownReservation
        now = timezone.now()
        try:
            checkout.settle(reservation.pk, now=now, by=f"guest {request.user.pk}")
        except StillDeciding:
            return Response(_shown(reservation.pk), status=status.HTTP_202_ACCEPTED)
        first = reservation.acknowledge(now=now)
        return Response(_shown(reservation.pk), status=201 if first else 200)


class MyReservations(GenericAPIView[Reservation]):
    serializer_class = ReservationSerializer

    @extend_schema(
        responses=ReservationSerializer(many=True),
        parameters=[
            OpenApiParameter("state", str, enum=State.values),
            OpenApiParameter("upcoming", bool, description="Only what is not over yet."),
        ],
    )
    def get(self, request: Request) -> Response:
        """One's own reservations, newest first."""
        page = self.paginate_queryset(self._asked_for(request))
        return self.get_paginated_response(ReservationSerializer(page, many=True).data)

    def _asked_for(self, request: Request) -> ReservationQuerySet:
        reservations = request.user.reservations.shown_to_guests().newest_first()
        if state := request.query_params.get("state"):
            if state not in State.values:
                raise ValidationError({"state": [_("There is no such state.")]})
            reservations = reservations.filter(state=state)
        if request.query_params.get("upcoming", "").lower() in ("true", "1"):
            reservations = reservations.upcoming(now=timezone.now())
        return reservations


class ReservationDetail(APIView):
    @extend_schema(responses=ReservationSerializer)
    def get(self, request: Request, reservation_id: int) -> Response:
        """One reservation, one's own; staff may look at any."""
        return Response(_shown(_visible(request, reservation_id).pk))

    @extend_schema(responses={200: CancelledSerializer})
    def delete(self, request: Request, reservation_id: int) -> Response:
        """Cancel a hold (nothing was charged), or a sale before its cut-off, with a refund."""
        reservation = _visible(request, reservation_id, to="change")
        by = (
            f"guest {request.user.pk}"
            if reservation.guest_id == request.user.pk
            else (f"staff {request.user.pk}")
        )
        cancelled = checkout.cancel(reservation, now=timezone.now(), by=by)
        refund = cancelled.refund
        return Response(
            {
                "message": _("The reservation was cancelled."),
                "reservation": _shown(reservation.pk),
                "refund": RefundSerializer(refund).data if refund else None,
            }
        )


class ShowtimeReservations(APIView):
    @extend_schema(responses=ShowtimeReservationsSerializer)
    def get(self, request: Request, showtime_id: int) -> Response:
        """Every reservation of a showtime, its occupancy and its revenue (managers)."""
        if not request.user.has_perm("reservations.view_reservation"):
            raise PermissionDenied
        showtime = get_object_or_404(
            Showtime.objects.with_auditorium().select_related("movie"), pk=showtime_id
        )
        report = showtime_report(showtime)
        answer = {
            "showtime": report.showtime,
            "reservations": report.reservations,
            "totalSeatsReserved": report.seats_reserved,
            "capacity": report.capacity,
            "occupancy": report.occupancy,
            "revenue": {"amount": report.revenue, "currency": settings.CURRENCY},
        }
        return Response(ShowtimeReservationsSerializer(answer).data)


def _visible(request: Request, reservation_id: int, *, to: str = "view") -> Reservation:
    """One's own; staff who may, any. To everybody else it does not exist."""
    mine = request.user.reservations.select_related("payment").filter(pk=reservation_id).first()
    if mine is not None:
        return mine
    if request.user.has_perm(f"reservations.{to}_reservation"):
        return get_object_or_404(Reservation.objects.select_related("payment"), pk=reservation_id)
    raise UnknownReservation


def _shown(reservation_id: int) -> dict[str, object]:
    reservation = Reservation.objects.shown_to_guests().get(pk=reservation_id)
    return ReservationSerializer(reservation).data
