"""The e-mails that guests get about their bookings.

The writers run in the worker, after what they tell of was promised (`reservations.promises`), and
look at the records as they are then: a confirmation that was overtaken by a cancellation is not
sent.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import outbox
from accounts.actors import ActorKind
from accounts.outbox import Content, File
from moviereservation.web.addresses import site_url
from payments.models import Refund
from reservations.models import Reservation, ReservedSeat, State
from reservations.tickets import calendar, codes, pdf
from showtimes.calendar_file import place_of
from showtimes.models import ShowtimeState

NAMES = {
    "tickets": _lazy("Tickets"),
    "cancelled": _lazy("Cancellation"),
    "seats_returned": _lazy("Seats given back"),
    "not_booked": _lazy("Not booked"),
}


@outbox.writer("tickets", warm_up=pdf.warm_up)
def _tickets(*, reservation_id: int) -> Content | None:
    reservation = _reservation(reservation_id)
    if not reservation.is_confirmed:
        return None
    pictures = [
        File(f"{claim.label}.{reservation.reference}@tickets", _code(claim), "image/png")
        for claim in reservation.kept_seats
    ]
    on_paper = File(_("tickets.pdf"), pdf.tickets_pdf(reservation), "application/pdf")
    return _content(
        "tickets",
        reservation,
        pictures=pictures,
        attachments=[on_paper, _calendar_entry(reservation)],
        tickets=list(zip(reservation.kept_seats, pictures, strict=True)),
    )


@outbox.writer("cancelled")
def _cancelled(*, reservation_id: int, refund_id: int, by: str) -> Content | None:
    """`by` is a kind of actor; in rows of 1.0.0 a key stands behind it."""
    reservation = _reservation(reservation_id)
    if reservation.state != State.CANCELLED:
        return None
    by_guest = by.partition(" ")[0] == ActorKind.GUEST
    called_off = reservation.showtime.state == ShowtimeState.CANCELLED
    return _content(
        "cancelled",
        reservation,
        attachments=[_calendar_entry(reservation)],
        refund=Refund.objects.filter(pk=refund_id).first(),
        by_guest=by_guest,
        called_off=called_off and not by_guest,
    )


@outbox.writer("seats_returned")
def _seats_returned(*, reservation_id: int, refund_id: int, seats: str) -> Content | None:
    reservation = _reservation(reservation_id)
    if not reservation.is_confirmed:
        return None  # then the e-mail about the cancellation says it all
    return _content(
        "seats_returned",
        reservation,
        attachments=[_calendar_entry(reservation)],
        refund=Refund.objects.filter(pk=refund_id).first(),
        seats=seats,
    )


@outbox.writer("not_booked")
def _not_booked(*, reservation_id: int) -> Content | None:
    reservation = _reservation(reservation_id)
    if not reservation.has_ended or reservation.confirmed_at is not None:
        return None
    return _content("not_booked", reservation)


def _reservation(reservation_id: int) -> Reservation:
    found = Reservation.objects.shown_to_guests().select_related("guest")
    return found.get(pk=reservation_id)


def _content(
    template: str,
    reservation: Reservation,
    *,
    pictures: list[File] | None = None,
    attachments: list[File] | None = None,
    **context: object,
) -> Content | None:
    guest = reservation.guest
    if guest is None or not guest.is_active:  # erased meanwhile
        return None
    return Content(
        to=guest.email,
        template=f"emails/{template}",
        context={
            "reservation": reservation,
            "showtime": reservation.showtime,
            "movie": reservation.showtime.movie,
            "place": place_of(reservation.showtime),
            "link": site_url(reservation.get_absolute_url()),
            **context,
        },
        pictures=pictures or (),
        attachments=attachments or (),
    )


def _code(claim: ReservedSeat) -> bytes:
    return codes.qr_png(codes.code_of(claim))


def _calendar_entry(reservation: Reservation) -> File:
    content = calendar.calendar_of(reservation, now=timezone.now())
    return File(_("showtime.ics"), content, "text/calendar")
