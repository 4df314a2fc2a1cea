"""Pages of what was booked: the list, the tickets, calling it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guests import guest_of
from reservations import checkout
from reservations.booking_page import booking_page, bookings_of
from reservations.errors import BookingRefused
from reservations.visitors import own_reservation


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
    return render(request, "reservations/booking.html", {"page": page})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    reservation = own_reservation(request, reference, now=now)
    refusal = None
    if request.method == "POST":
        try:
            checkout.cancel(reservation, now=now, by=f"guest {request.user.pk}")
        except BookingRefused as refused:
            refusal = refused
        else:
            messages.success(request, _("Your booking is cancelled."))
            return redirect("booking", reference)
    page = booking_page(reservation, now=now, refusal=refusal)
    if not page.can_be_cancelled and refusal is None:
        return redirect("booking", reference)
    status = refusal.status if refusal else 200
    return render(request, "reservations/cancel.html", {"page": page}, status=status)
