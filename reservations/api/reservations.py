"""Holding, paying and cancelling over the API. The seat map is in `seat_api`."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from reservations import checkout
from moviereservation.web import general
from moviereservation.web.limits import TooManyAttempts
from moviereservation.web.refusals import refuses
from payments.errors import StripeUnavailable
from reservations.api.serializers import (
    CancelledSerializer,
    IntentSerializer,
    IntentWishSerializer,
    RefundSerializer,
    ReservationSerializer,
    SeatsToGiveBackSerializer,
    SettleSerializer,
    ShowtimeReservationsSerializer,
    held_json,
)
from reservations.checkout.showtime_report import showtime_report
from reservations.errors import (
    BadSeats,
    NoSeats,
    NotTogether,
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SalesClosed,
    SeatsLost,
    SeatsTaken,
    ShowtimeStarted,
    StillDeciding,
    TicketUsed,
    UnknownReservation,
    UnknownSeats,
    UnknownShowtime,
)
from reservations.limits import INTENTS_BY_GUEST
from reservations.models import Reservation, ReservationQuerySet, State
from showtimes.models import Showtime


class CreatePaymentIntent(APIView):
    @extend_schema(
        request=IntentWishSerializer, responses={201: IntentSerializer, 200: IntentSerializer}
    )
    @refuses(
        BadSeats,
        UnknownShowtime,
        SeatsTaken,
        NotTogether,
        SalesClosed,
        TooManyAttempts,
        StripeUnavailable,
    )
    def post(self, request: Request) -> Response:
        """Hold seats and get the PaymentIntent to pay for them; the seats are held from now.

        The same seats again answer 200 with the same intent. 409 `seats_taken` says which and what
        is free instead.
        """
        INTENTS_BY_GUEST.spend(str(request.user.pk))
        form = IntentWishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted, now = form.validated_data, timezone.now()
        opened = checkout.hold_and_open(
            request.user, wanted["showtimeId"], wanted["seats"], now=now
        )
        payment = opened.payment
        answer = {
            "clientSecret": payment.client_secret,
            "paymentIntentId": payment.intent_id,
            "publishableKey": settings.STRIPE_PUBLISHABLE_KEY,
            "reservation": held_json(opened.held),
        }
        return Response(answer, status=201 if opened.is_new else 200)


class CreateReservation(APIView):
    @extend_schema(
        request=SettleSerializer,
        responses={201: ReservationSerializer, 200: ReservationSerializer,
                   202: ReservationSerializer},
    )  # fmt: skip
    @refuses(
        UnknownReservation,
        PaymentIncomplete,
        PaymentFailed,
        PaymentMismatch,
        SeatsLost,
        StripeUnavailable,
    )
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
            checkout.settle(reservation.pk, now=now, by=Actor.guest(request.user.pk))
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
    @refuses(general.Invalid)
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
    @refuses(UnknownReservation)
    def get(self, request: Request, reservation_id: int) -> Response:
        """One reservation, one's own; staff may look at any."""
        return Response(_shown(_visible(request, reservation_id).pk))

    @extend_schema(
        responses={200: CancelledSerializer},
        parameters=[
            OpenApiParameter(
                "seats",
                str,
                description="Only these seats of a sale, as `C7,C8`; it goes on with the others. "
                'The same as JSON in the body is understood, too: `{"seats": ["C7", "C8"]}`.',
            )
        ],
    )
    @refuses(
        general.Invalid,
        general.Malformed,
        NoSeats,
        UnknownSeats,
        PaymentIncomplete,
        UnknownReservation,
        ShowtimeStarted,
        TicketUsed,
        StillDeciding,
        StripeUnavailable,
    )
    def delete(self, request: Request, reservation_id: int) -> Response:
        """Cancel a hold (nothing was charged), or a sale before its cut-off, with a refund.

        With `seats`, some seats of a sale: their prices are paid back and the others stay booked.
        Again answers 200, the same, with the same one refund.
        """
        seats = _seats_to_give_back(request)
        reservation = _visible(request, reservation_id, to="change")
        is_own = reservation.guest_id == request.user.pk
        by = Actor.guest(request.user.pk) if is_own else Actor.staff(request.user.pk)
        cancelled = checkout.cancel(reservation, seats, now=timezone.now(), by=by)
        refund, goes_on = cancelled.refund, cancelled.reservation.is_confirmed
        return Response(
            {
                "message": _("The seats were given back.")
                if goes_on
                else _("The reservation was cancelled."),
                "reservation": _shown(reservation.pk),
                "refund": RefundSerializer(refund).data if refund else None,
            }
        )


class ShowtimeReservations(APIView):
    @extend_schema(responses=ShowtimeReservationsSerializer)
    @refuses(general.PermissionDenied, general.NotFound)
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


def _seats_to_give_back(request: Request) -> list[str] | None:
    """None for all of them. A body that is no JSON is as good as none, as it always was."""
    sent: dict[str, object] = {}
    if request.content_type.startswith("application/json"):
        sent = dict(request.data)
    if "seats" in request.query_params:
        sent["seats"] = ",".join(request.query_params.getlist("seats"))
    form = SeatsToGiveBackSerializer(data=sent)
    form.is_valid(raise_exception=True)
    seats: list[str] | None = form.validated_data.get("seats")
    return seats


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
