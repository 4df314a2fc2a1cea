"""A booking in the guest's own calendar: the same entry through every change of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from moviereservation.web.addresses import site_url
from reservations.models import Reservation, State
from showtimes.calendar_file import Event, calendar_file, end_of, place_of, uid


def calendar_of(reservation: Reservation, *, now: datetime) -> bytes:
    """The .ics file of what was booked; of what was cancelled, one that takes it out again."""
    showtime, url = reservation.showtime, site_url(reservation.get_absolute_url())
    words = _("Seats: %(seats)s\nReference: %(reference)s\nTickets: %(url)s") % {
        "seats": ", ".join(reservation.labels),
        "reference": reservation.reference,
        "url": url,
    }
    event = Event(
        uid=uid(f"booking-{reservation.reference}"),
        # What happened to it after it was booked: seats given back, cancelled.
        sequence=reservation.history.filter(from_state=State.CONFIRMED).count(),
        starts_at=showtime.starts_at,
        ends_at=end_of(showtime),
        title=showtime.movie.title,
        place=place_of(showtime),
        url=url,
        words=words,
        cancelled=not reservation.is_confirmed,
    )
    return calendar_file(event, now=now)
