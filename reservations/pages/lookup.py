"""Pages for whoever has a reference and no log-in at hand: look, and cancel by a link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from moviereservation.web.limits import TooManyAttempts, address_of
from reservations import lookup
from reservations.errors import NothingFound
from reservations.models import Reservation
from reservations.pages.booking_page import booking_page
from reservations.pages.bookings import cancel_page
from reservations.pages.forms import FindForm

# In the session: what this browser has shown that it may see, and until when.
FOUND, MAY_CANCEL = "found", "may_cancel"
GOOD_FOR_SECONDS = 30 * 60
MOST = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            booked = lookup.find(**form.cleaned_data, address=address_of(request))
            _allow(request, FOUND, booked.reference)
            return redirect("found-booking", booked.reference)
        except (NothingFound, TooManyAttempts) as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    return render(request, "reservations/find.html", {"form": form}, status=status)


@never_cache
@require_safe
def found(request: HttpRequest, reference: str) -> HttpResponse:
    if not (_may(request, FOUND, reference) or _may(request, MAY_CANCEL, reference)):
        return redirect("find-booking")
    page = booking_page(_booked(reference), now=timezone.now(), is_found=True)
    context = {"page": page, "may_cancel": _may(request, MAY_CANCEL, reference)}
    return render(request, "reservations/found.html", context)


@require_POST
def send_link(request: HttpRequest, reference: str) -> HttpResponse:
    if not _may(request, FOUND, reference):
        return redirect("find-booking")
    try:
        lookup.send_link(_booked(reference), now=timezone.now())
    except TooManyAttempts as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A link is on its way to your mail. It works for an hour."))
    return redirect("found-booking", reference)


@never_cache
@require_safe
def follow_link(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Follow the link of the e-mail, on to a page without the secret in its address."""
    if not lookup.verify_link(token, reference):
        return render(request, "reservations/dead_link.html", status=410)
    _allow(request, MAY_CANCEL, reference)
    return redirect("found-cancel", reference)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    if not _may(request, MAY_CANCEL, reference):
        return redirect("find-booking")
    booked = _booked(reference)
    return cancel_page(
        request, booked, by=Actor.guest(booked.guest_id, through="by link"), is_found=True
    )


def _booked(reference: str) -> Reservation:
    booked = Reservation.objects.shown_to_guests().select_related("guest")
    known = booked.exclude(confirmed_at=None).filter(reference=reference, guest__is_active=True)
    reservation = known.first()
    if reservation is None:  # its guest has left meanwhile
        raise Http404
    return reservation


def _allow(request: HttpRequest, what: str, reference: str) -> None:
    """The latest few, for half an hour."""
    allowed = request.session.get(what, [])
    kept = [entry for entry in allowed if entry[0] != reference][1 - MOST :]
    until = timezone.now().timestamp() + GOOD_FOR_SECONDS
    request.session[what] = [*kept, [reference, until]]


def _may(request: HttpRequest, what: str, reference: str) -> bool:
    now = timezone.now().timestamp()
    allowed = request.session.get(what, [])
    return any(entry == reference and now < until for entry, until in allowed)
