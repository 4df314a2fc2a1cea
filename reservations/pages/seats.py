"""The page on which seats are chosen, and the hold that it asks for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from moviereservation.web.limits import TooManyAttempts, address_of
from reservations.errors import BookingRefused, UnknownShowtime
from reservations.limits import HOLDS_BY_ADDRESS
from reservations.pages import seat_sheet
from reservations.pages.forms import read_wish
from reservations.pages.seat_page import SeatPage, hold_from_page, seat_page
from reservations.pages.visitors import holder_of, known_holder_of
from showtimes.pages import ended_pages

VIEW = "seat_view"  # the cookie that remembers whether the seats are shown as a map or as a list
VIEWS = ("map", "list")
A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def choose_seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    try:
        if request.method == "POST":
            return _hold(request, showtime_id)
        now = timezone.now()
        page = seat_page(showtime_id, known_holder_of(request), now=now)
        if not page.is_open:
            return ended_pages.showtime_is_over(request, showtime_id, now=now)
        return _shown(request, page)
    except UnknownShowtime as unknown:
        raise Http404 from unknown


def _hold(request: HttpRequest, showtime_id: int) -> HttpResponse:
    now, holder, wish = timezone.now(), holder_of(request), read_wish(request.POST)
    try:
        HOLDS_BY_ADDRESS.spend(address_of(request))
        held = hold_from_page(holder, showtime_id, wish, now=now)
    except UnknownShowtime:
        raise
    except (BookingRefused, TooManyAttempts) as refusal:
        page = seat_page(showtime_id, holder, wish=wish, refusal=refusal, now=now)
        return _shown(request, page, status=refusal.status)
    return redirect("checkout", held.reservation.reference)


def _shown(request: HttpRequest, page: SeatPage, *, status: int = 200) -> HttpResponse:
    asked_view = request.GET.get("view", "")
    view = asked_view if asked_view in VIEWS else request.COOKIES.get(VIEW, "")
    answer = seat_sheet.drawn(request, page, as_list=view == "list")
    answer.status_code = status
    if asked_view in VIEWS:
        answer.set_cookie(VIEW, asked_view, max_age=A_YEAR, path="/book/", samesite="Lax")
    return answer
