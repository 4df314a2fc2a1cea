"""`/payment/…`: seats are held and paid for; Stripe reports."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from moviereservation.web.limits import TooManyAttempts
from moviereservation.web.refusals import refuses
from payments.api.webhook import WebhookActions
from payments.errors import StripeUnavailable
from reservations import checkout
from reservations.api.requests import IntentWishSerializer
from reservations.api.serializers import IntentSerializer, held_json
from reservations.errors import BadSeats, NotTogether, SalesClosed, SeatsTaken, UnknownShowtime
from reservations.limits import INTENTS_BY_GUEST


class PaymentViewSet(WebhookActions):
    @extend_schema(
        request=IntentWishSerializer, responses={201: IntentSerializer, 200: IntentSerializer}
    )
    @action(detail=False, methods=["post"], url_path="create-payment-intent")
    @refuses(
        BadSeats,
        UnknownShowtime,
        SeatsTaken,
        NotTogether,
        SalesClosed,
        TooManyAttempts,
        StripeUnavailable,
    )
    def create_payment_intent(self, request: Request) -> Response:
        """Hold seats and get the PaymentIntent to pay for them; the seats are held from now.

        The same seats again answer 200 with the same intent. 409 `seats_taken` says which and what
        is free instead.
        """
        INTENTS_BY_GUEST.spend(str(request.user.pk))
        form = IntentWishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent, now = form.validated_data, timezone.now()
        opened = checkout.hold_and_open(request.user, sent["showtimeId"], sent["seats"], now=now)
        payment = opened.payment
        answer = {
            "clientSecret": payment.client_secret,
            "paymentIntentId": payment.intent_id,
            "publishableKey": settings.STRIPE_PUBLISHABLE_KEY,
            "reservation": held_json(opened.held),
        }
        return Response(answer, status=201 if opened.is_new else 200)
