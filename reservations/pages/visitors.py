"""Who is booking in this browser: an account, or a guest who will log in on the way to paying."""

import secrets
from datetime import datetime

from django.http import Http404, HttpRequest

from accounts.guests import guest_of
from reservations.booking import merge
from reservations.booking.holder import Holder
from reservations.errors import TooManySeatsInAll, UnknownReservation
from reservations.models import Reservation

VISITOR = "visitor"  # the key in the session


def holder_of(request: HttpRequest) -> Holder:
    """The account that is logged in, or this browser's visitor, whom the first hold gives a key."""
    if request.user.is_authenticated:
        return Holder(guest_id=request.user.pk)
    if VISITOR not in request.session:
        request.session[VISITOR] = secrets.token_urlsafe(32)
    return Holder(visitor=request.session[VISITOR])


def known_holder_of(request: HttpRequest) -> Holder | None:
    """The same, but somebody who only looks around gets no key and no cookie."""
    if request.user.is_authenticated or VISITOR in request.session:
        return holder_of(request)
    return None


def visitors_hold(request: HttpRequest, reference: str, *, now: datetime) -> Reservation | None:
    """What this browser holds without an account, while its time lasts."""
    holder = known_holder_of(request)
    if holder is None:
        return None
    return holder.reservations.holds(now=now).shown_to_guests().filter(reference=reference).first()


def visitor_of(request: HttpRequest) -> str:
    """The key under which this browser held seats before its guest logged in; "" without any."""
    return str(request.session.get(VISITOR) or "")


def own_reservation(request: HttpRequest, reference: str, *, now: datetime) -> Reservation:
    """A reservation of the guest who is logged in; what their browser held before becomes theirs.

    Raises Http404 for everybody else's, as for one that does not exist.
    """
    guest, visitor = guest_of(request), visitor_of(request)
    try:
        return merge.own_or_merged(guest, reference, visitor=visitor, now=now)
    except (UnknownReservation, TooManySeatsInAll) as refused:
        raise Http404 from refused
