"""`/payment/webhook`: where Stripe reports."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from moviereservation.web.refusals import refuses
from payments import webhooks
from payments.errors import BadSignature

# The signature is the authentication.
SIGNED = {"authentication_classes": (), "permission_classes": (AllowAny,)}


class WebhookActions(ViewSet):
    """Registered with what reservations add to it."""

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT},
        parameters=[
            OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER, required=True)
        ],
    )
    @action(detail=False, methods=["post"], **SIGNED)
    @refuses(BadSignature)
    def webhook(self, request: Request) -> Response:
        """Take a signed event of Stripe's. The signature is checked on the raw body."""
        body = request._request.body
        webhooks.receive(body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
        return Response({"received": True})
