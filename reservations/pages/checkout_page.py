"""The pages around paying, as their templates want them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reservations.models import Reservation

AFTER_3D_SECURE = "payment_intent_authentication_failure"


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """What is paid, for how long it is held, and what the card form needs.

    `refusal` says why there is no card form just now; the seats are still held.
    """

    reservation: Reservation
    refusal: Exception | None
    return_url: str
    now: datetime

    @property
    def client_secret(self) -> str:
        return self.reservation.payment.client_secret if self.reservation.payment else ""

    @property
    def publishable_key(self) -> str:
        return str(settings.STRIPE_PUBLISHABLE_KEY)

    @property
    def stripe_js_url(self) -> str:
        return str(settings.STRIPE_JS_URL)

    @property
    def can_have_more_time(self) -> bool:
        return self.reservation.extensions < settings.HOLD_EXTENSIONS

    @property
    def is_refundable(self) -> bool:
        return self.reservation.cancellable_until > self.now


def checkout_page(
    request: HttpRequest, reservation: Reservation, *, refusal: Exception | None, now: datetime
) -> CheckoutPage:
    url = request.build_absolute_uri(reverse("checkout-return", args=[reservation.reference]))
    return CheckoutPage(reservation, refusal, url, now)


def decline_in_words(reservation: Reservation) -> str:
    """Why the last attempt to pay came to nothing; "" when there was none."""
    payment = reservation.payment
    if payment is None:
        return ""
    payment.refresh_from_db()  # settling has just heard from Stripe
    if not payment.last_error:
        return ""
    if payment.last_error == AFTER_3D_SECURE:
        return _(
            "Your bank could not confirm that it was you. Your seats are still held: try again."
        )
    return _("Your bank declined the card. Your seats are still held: try another card.")


def nothing_charged(
    request: HttpRequest, reservation: Reservation, refusal: Exception, *, now: datetime
) -> HttpResponse:
    """The page that says why there are no seats, that no money went, and what to do instead."""
    showtime = reservation.showtime
    context = {
        "reservation": reservation,
        "refusal": refusal,
        "can_try_again": showtime.sells(now=now),
    }
    return render(request, "reservations/nothing_charged.html", context, status=409)
