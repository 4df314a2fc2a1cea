"""`/reservations`: confirming what was paid, looking at it, cancelling it."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.actors import Actor
from moviereservation.web import general
from moviereservation.web.refusals import refuses
from payments.errors import StripeUnavailable
from reservations import checkout
from reservations.api.requests import SeatsToGiveBackSerializer, SettleSerializer
from reservations.api.serializers import (
    CancelledSerializer,
    RefundSerializer,
    ReservationSerializer,
    ShowtimeReservationsSerializer,
    reservation_json,
    reservations_json,
    sold_json,
)
from reservations.checkout.showtime_report import showtime_report
from reservations.errors import (
    NoSeats,
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SeatsLost,
    ShowtimeStarted,
    StillDeciding,
    TicketUsed,
    UnknownReservation,
    UnknownSeats,
)
from reservations.models import Reservation, ReservationQuerySet, State
from showtimes.models import Showtime


class ReservationViewSet(GenericViewSet[Reservation]):
    serializer_class = ReservationSerializer
    lookup_url_kwarg = "reservation_id"
    lookup_value_converter = "key"

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
    def create(self, request: Request) -> Response:
        """Confirm the reservation that this intent has paid for. Stripe is asked whether it has.

        202 while the bank is still deciding; ask again, or wait: it finishes by itself.
        """
        form = SettleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        guest, intent_id = request.user, form.validated_data["paymentIntentId"]
        try:
            settled = checkout.settle_for(
                guest.pk, intent_id, now=timezone.now(), by=Actor.guest(guest.pk)
            )
        except StillDeciding:
            waiting = guest.reservations.only("pk").get(payment__intent_id=intent_id)
            return Response(_shown(waiting.pk), status=status.HTTP_202_ACCEPTED)
        return Response(sold_json(settled), status=201 if settled.is_news else 200)

    @extend_schema(
        responses=ReservationSerializer(many=True),
        parameters=[
            OpenApiParameter("state", str, enum=State.values),
            OpenApiParameter("upcoming", bool, description="Only what is not over yet."),
        ],
    )
    @action(detail=False, url_path="my-reservations", url_name="my-reservations")
    @refuses(general.Invalid)
    def my_reservations(self, request: Request) -> Response:
        """One's own reservations, newest first."""
        page = self.paginate_queryset(_asked_for(request))
        return self.get_paginated_response(reservations_json(page))

    @extend_schema(responses=ReservationSerializer)
    @refuses(UnknownReservation)
    def retrieve(self, request: Request, reservation_id: int) -> Response:
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
    def destroy(self, request: Request, reservation_id: int) -> Response:
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

    @extend_schema(responses=ShowtimeReservationsSerializer)
    @action(detail=False, url_path="showtime/<key:showtime_id>", url_name="showtime-reservations")
    @refuses(general.PermissionDenied, general.NotFound)
    def showtime(self, request: Request, showtime_id: int) -> Response:
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


def _asked_for(request: Request) -> ReservationQuerySet:
    reservations: ReservationQuerySet = request.user.reservations.with_money().newest_first()
    if state := request.query_params.get("state"):
        if state not in State.values:
            raise ValidationError({"state": [_("There is no such state.")]})
        reservations = reservations.filter(state=state)
    if request.query_params.get("upcoming", "").lower() in ("true", "1"):
        reservations = reservations.upcoming(now=timezone.now())
    return reservations


def _seats_to_give_back(request: Request) -> list[str] | None:
    """None for all seats. A body that is not JSON counts as no body, as in 1.0.0."""
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
    """The reservation, if it is the caller's own or the caller is staff who may see any.

    Raises UnknownReservation for everybody else.
    """
    own: ReservationQuerySet = request.user.reservations.select_related("payment")
    reservation = own.filter(pk=reservation_id).first()
    if reservation is not None:
        return reservation
    if request.user.has_perm(f"reservations.{to}_reservation"):
        return get_object_or_404(Reservation.objects.select_related("payment"), pk=reservation_id)
    raise UnknownReservation


def _shown(reservation_id: int) -> dict[str, object]:
    return reservation_json(Reservation.objects.with_money().get(pk=reservation_id))
