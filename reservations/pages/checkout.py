"""Pages on the way to paying; before them come those of `seats`, after them those of `bookings`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guests import guest_of
from payments.errors import StripeUnavailable
from reservations import checkout
from reservations.booking import extension
from reservations.errors import (
    BookingRefused,
    HoldOver,
    PaymentIncomplete,
    StillDeciding,
    TooManySeatsInAll,
    UnknownReservation,
)
from reservations.models import State
from reservations.pages.checkout_page import checkout_page, decline_in_words, nothing_charged
from reservations.pages.visitors import own_reservation, visitor_of, visitors_hold
from showtimes.formats import clock


@never_cache
@require_safe
def checkout_(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    if not request.user.is_authenticated:
        return _log_in_first(request, reference)
    guest, visitor = guest_of(request), visitor_of(request)
    try:
        opened = checkout.open_for(guest, reference, visitor=visitor, now=now)
    except UnknownReservation as unknown:
        raise Http404 from unknown
    except TooManySeatsInAll as refused:
        messages.error(request, str(refused))
        return redirect("bookings")
    except HoldOver:
        return redirect("checkout-return", reference)
    refusal = opened.unavailable
    page = checkout_page(request, opened.reservation, refusal=refusal, now=now)
    status = refusal.status if refusal else 200
    return render(request, "reservations/checkout.html", {"page": page}, status=status)


def _log_in_first(request: HttpRequest, reference: str) -> HttpResponse:
    """The seats stay held on the way, and the guest is told so."""
    hold = visitors_hold(request, reference, now=timezone.now())
    if hold is not None:
        messages.success(
            request,
            _("Your seats %(seats)s are held until %(time)s. Log in or sign up to pay for them.")
            % {"seats": ", ".join(hold.labels), "time": clock(hold.held_until)},
        )
    return redirect_to_login(request.get_full_path())


@login_required
@never_cache
@require_safe
def checkout_return(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a guest lands after the card form, at any time and as often as they reload."""
    now = timezone.now()
    reservation = own_reservation(request, reference, now=now)
    context = {"reservation": reservation}
    try:
        checkout.settle(reservation.pk, now=now, by=Actor.guest(request.user.pk))
    except PaymentIncomplete:
        if not reservation.is_held(now=now):
            return nothing_charged(request, reservation, HoldOver(), now=now)
        if words := decline_in_words(reservation):
            messages.error(request, words)
        return redirect("checkout", reference)
    except (StillDeciding, StripeUnavailable):
        return render(request, "reservations/checking_payment.html", context)
    except BookingRefused as refusal:
        # Given back by the guest, or lost before: nobody took the seats from them just now.
        was_over = reservation.state == State.CANCELLED
        return nothing_charged(request, reservation, HoldOver() if was_over else refusal, now=now)
    return redirect("booking", reference)


@login_required
@require_POST
def more_time(request: HttpRequest, reference: str) -> HttpResponse:
    """Answers JSON to a script that asks for it, so that a half-typed card form survives."""
    now = timezone.now()
    reservation = own_reservation(request, reference, now=now)
    wants_json = request.get_preferred_type(["text/html", "application/json"]) != "text/html"
    try:
        held = extension.extend(reservation, now=now)
    except BookingRefused as refusal:
        if wants_json:
            return JsonResponse({"detail": str(refusal)}, status=refusal.status)
        messages.error(request, str(refusal))
        return redirect("checkout", reference)
    until = clock(held.held_until)
    words = _("You have more time: until %(time)s.") % {"time": until}
    if wants_json:
        answer = {"heldUntil": held.held_until.isoformat(), "clock": until, "words": words}
        return JsonResponse(answer)
    messages.success(request, words)
    return redirect("checkout", reference)


@login_required
@require_POST
def release(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    reservation = own_reservation(request, reference, now=now)
    if reservation.is_confirmed:  # a stale page must not cancel what was paid meanwhile
        return redirect("booking", reference)
    try:
        checkout.cancel(reservation, now=now, by=Actor.guest(request.user.pk))
    except BookingRefused:
        return redirect("checkout-return", reference)
    messages.success(request, _("You gave the seats back. Nothing was charged."))
    return redirect("choose-seats", reservation.showtime_id)
