"""Tickets and calendar entry as files, and the e-mail with both once more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.guests import guest_of
from moviereservation.web.limits import TooManyAttempts
from reservations import promises
from reservations.limits import EMAILS_BY_GUEST
from reservations.pages.visitors import own_reservation
from reservations.tickets import pdf
from reservations.tickets.calendar import calendar_of
from showtimes import calendar_file


@never_cache
@login_required
@require_safe
def tickets_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    reservation = own_reservation(request, reference, now=timezone.now())
    if not reservation.is_confirmed:
        return redirect("booking", reference)
    content = pdf.tickets_pdf(reservation)
    return _file(content, "application/pdf", f"tickets-{reference}.pdf")


@never_cache
@login_required
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """Also of a booking that was cancelled: then the file takes it out of the calendar again."""
    now = timezone.now()
    reservation = own_reservation(request, reference, now=now)
    if reservation.confirmed_at is None:
        return redirect("booking", reference)
    content = calendar_of(reservation, now=now)
    return _file(content, calendar_file.CONTENT_TYPE, f"booking-{reference}.ics")


@login_required
@require_POST
def send_again(request: HttpRequest, reference: str) -> HttpResponse:
    now, guest = timezone.now(), guest_of(request)
    reservation = own_reservation(request, reference, now=now)
    try:
        EMAILS_BY_GUEST.spend(str(guest.pk))
    except TooManyAttempts as refusal:
        messages.error(request, str(refusal))
        return redirect("booking", reference)
    if reservation.is_confirmed:
        promises.tickets_again(reservation, now=now)
        message = _("We are sending your tickets to %(email)s.")
        messages.success(request, message % {"email": guest.email})
    return redirect("booking", reference)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, content_type=content_type, headers=headers)
