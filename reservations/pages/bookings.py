"""Pages of what was booked: the list, the tickets, cancelling."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.guests import guest_of
from reservations import checkout, promises
from reservations.errors import BookingRefused
from reservations.models import Reservation
from reservations.pages.booking_page import booking_page, bookings_of
from reservations.pages.forms import MOST_LABELS
from reservations.pages.visitors import own_reservation


@never_cache
@login_required
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    context = {"page": bookings_of(guest_of(request), now=timezone.now())}
    return render(request, "reservations/bookings.html", context)


@never_cache
@login_required
@require_safe
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    page = booking_page(own_reservation(request, reference, now=now), now=now)
    if page.is_unfinished:
        return redirect("checkout", reference)
    context = {"page": page, "message": promises.latest_tickets(page.reservation)}
    return render(request, "reservations/booking.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    reservation = own_reservation(request, reference, now=timezone.now())
    return cancel_page(request, reservation, by=Actor.guest(guest_of(request).pk))


def cancel_page(
    request: HttpRequest, reservation: Reservation, *, by: Actor, is_found: bool = False
) -> HttpResponse:
    """The page on which somebody who may cancels some seats of a booking or all of them."""
    now, refusal = timezone.now(), None
    seats = request.POST.getlist("seats")[:MOST_LABELS]
    if request.method == "POST":
        try:
            message = _cancel(reservation, None if "all" in request.POST else seats, by, now=now)
        except BookingRefused as refused:
            refusal = refused
        else:
            messages.success(request, message)
            return redirect(booking_page(reservation, now=now, is_found=is_found).address)
    page = booking_page(reservation, now=now, refusal=refusal, chosen=seats, is_found=is_found)
    if not page.can_be_cancelled and refusal is None:
        return redirect(page.address)
    status = refusal.status if refusal else 200
    return render(request, "reservations/cancel.html", {"page": page}, status=status)


def _cancel(reservation: Reservation, seats: list[str] | None, by: Actor, *, now: datetime) -> str:
    """Some seats, or all; what to tell the guest."""
    cancelled = checkout.cancel(reservation, seats, now=now, by=by)
    if cancelled.reservation.is_confirmed and seats is not None:
        words = _("Given back: %(seats)s. Your other seats are still yours.")
        return words % {"seats": ", ".join(seats)}
    return _("Your booking is cancelled.")
