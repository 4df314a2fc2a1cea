"""The HTML of the seat page, drawn once for all guests who see the same seats.

Four hundred seats are too many to draw for each guest. So the sheet is drawn for nobody in
particular and stays in the process, and nothing of one guest can be in what another guest is
served. The sheet has holes for what is a guest's own: who they are, what they are told, their token
against forged forms. Their ticks are put in by exchanging a checkbox for a ticked checkbox.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.models import User
from reservations.formats import checkbox
from reservations.pages.packing import Part, gzipped, part
from reservations.pages.seat_page import DEFAULT_PARTY, SeatPage
from reservations.seating.accessible import needed_seats
from reservations.seating.occupancy import Occupancy, cached
from reservations.seating.seat_map import SeatMap, drawn_from, map_seat
from showtimes.models import Showtime
from showtimes.programme import sharing

Piece = tuple[str, Part]  # of which hole ("" for what everybody sees), and what is in it


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the template is drawn from."""

    showtime: Showtime
    seat_map: SeatMap
    is_open: bool

    @property
    def parties(self) -> range:
        return range(1, settings.SEATS_PER_RESERVATION + 1)

    @property
    def usual_party(self) -> int:
        return min(DEFAULT_PARTY, self.most_seats)

    @property
    def most_seats(self) -> int:
        return int(settings.SEATS_PER_RESERVATION)

    @property
    def hold_minutes(self) -> int:
        return int(settings.HOLD_MINUTES)


def drawn(request: HttpRequest, page: SeatPage, *, as_list: bool = False) -> HttpResponse:
    """The whole page for this guest, compressed where that costs nothing."""
    occupancy, name = page.occupancy, "seat-sheet" if page.is_open else "seat-sheet-closed"
    pieces = cached(name, occupancy, lambda: _pieces(request, occupancy, is_open=page.is_open))
    own = _own(request, page, as_list=as_list)
    parts = [part(own[hole]) if hole in own else words for hole, words in pieces]
    if page.is_open and page.chosen:
        return HttpResponse(_ticked(b"".join(packed.plain for packed in parts), page))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(b"".join(packed.plain for packed in parts))
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HttpResponse(gzipped(parts), headers=headers)


def _ticked(text: bytes, page: SeatPage) -> bytes:
    for label in page.chosen:
        seat = map_seat(page.occupancy, page.occupancy.plan.by_label[label])
        free, chosen = checkbox(seat).encode(), checkbox(seat, is_chosen=True).encode()
        text = text.replace(free, chosen, 1)
    return text


def _own(request: HttpRequest, page: SeatPage, *, as_list: bool) -> dict[str, str]:
    """What goes into the holes; where there is nothing, the sheet's own words stay."""
    own = {"token": get_token(request)}
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        own["canopy"] = render_to_string("_canopy.html", request=request)
        if len(get_messages(request)):
            own["messages"] = render_to_string("_messages.html", request=request)
    if page.refusal or page.own:
        own["notice"] = render_to_string("reservations/_refusal.html", {"page": page}, request)
    elif page.is_open and (places := _needed_by(request.user, page)):
        template = "reservations/_needed_seats.html"
        own["notice"] = render_to_string(template, {"places": places}, request)
    if page.own:
        own["mine"] = ",".join(page.own.labels)
    if page.party != DEFAULT_PARTY:
        own |= {f"party-{DEFAULT_PARTY}": "", f"party-{page.party}": " checked"}
    if as_list:
        own |= {"view": "list", "is-map": "", "is-list": ' aria-current="true"'}
    return own


def _needed_by(person: object, page: SeatPage) -> list[list[str]]:
    return needed_seats(page.occupancy, person.needs) if isinstance(person, User) else []


def _pieces(request: HttpRequest, occupancy: Occupancy, *, is_open: bool) -> list[Piece]:
    mark, showtime = secrets.token_hex(8), _showtime(occupancy.showtime_id)
    context = {
        "sheet": Sheet(showtime, drawn_from(occupancy), is_open),
        "sharing": sharing.of_showtime(showtime),
        "mark": mark,
        "csrf_token": f"{mark}token:{mark}",
    }
    page = render_to_string("reservations/choose_seats.html", context, _nobody(request))
    return list(_cut(page, mark))


def _cut(page: str, mark: str) -> Iterator[Piece]:
    """`…{mark}hole:words{mark}…`: between two marks is a hole with what is in it for most."""
    for number, text in enumerate(page.split(mark)):
        hole, _colon, words = text.partition(":") if number % 2 else ("", "", text)
        yield hole, part(words)


def _showtime(showtime_id: int) -> Showtime:
    return Showtime.objects.with_auditorium().select_related("movie").get(pk=showtime_id)


def _nobody(request: HttpRequest) -> HttpRequest:
    """The same page asked for by somebody of whom nothing is known."""
    nobody = HttpRequest()
    nobody.method, nobody.path, nobody.path_info = "GET", request.path, request.path_info
    kept_meta = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "SCRIPT_NAME")
    nobody.META = {name: request.META[name] for name in kept_meta if name in request.META}
    nobody.resolver_match = request.resolver_match
    nobody.user = AnonymousUser()
    return nobody
