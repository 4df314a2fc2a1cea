"""What guests are written about their bookings, and the moment it is promised.

Each of the public verbs belongs into the transaction of what it tells of. The writers below run in
the worker, later, and look at the records as they are then: a confirmation that was overtaken by a
cancellation is not sent.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import outbox
from accounts.models import Letter
from accounts.outbox import Content, File, site_url
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
AGAIN_EVERY = timedelta(minutes=1)


def remember_language(reservation: Reservation) -> None:
    """The guest is here now; who confirms may be a webhook, which speaks no language."""
    language = get_language()
    if language and language != settings.LANGUAGE_CODE:
        Reservation.objects.filter(pk=reservation.pk).update(language=language)


def booked(reservation: Reservation, *, now: datetime) -> None:
    _post("tickets", reservation, "confirmed", now=now)


def cancelled(reservation: Reservation, refund: Refund | None, *, by: str, now: datetime) -> None:
    refund_id = refund.pk if refund is not None else 0
    _post("cancelled", reservation, "cancelled", now=now, refund_id=refund_id, by=by)


def seats_returned(
    reservation: Reservation, refund: Refund | None, *, key: str, seats: str, now: datetime
) -> None:
    """`key` names this one act; `seats` are the labels of what was given back."""
    refund_id = refund.pk if refund is not None else 0
    _post("seats_returned", reservation, key, now=now, refund_id=refund_id, seats=seats)


def not_booked(reservation: Reservation, *, now: datetime) -> None:
    """Money was authorised, and nothing came of it: who has closed the browser does not know."""
    _post("not_booked", reservation, "not-booked", now=now)


def tickets_again(reservation: Reservation, *, now: datetime) -> bool:
    """The tickets once more, on request; False while they are on their way as it is."""
    latest = latest_tickets(reservation)
    if latest is not None and (
        latest.standing == "waiting"
        or (":again" in latest.key and now - latest.posted_at < AGAIN_EVERY)
    ):
        return False
    # After which letter is part of the key, so that two requests at once are one.
    return _post("tickets", reservation, f"again:{latest.pk if latest else 0}", now=now)


def letters_about(reservation: Reservation) -> list[Letter]:
    """All that were promised, the oldest first."""
    return list(Letter.objects.filter(key__startswith=f"{reservation.reference}:").order_by("pk"))


def latest_tickets(reservation: Reservation) -> Letter | None:
    """The last letter with the tickets, on its way or there; None before there was one."""
    sent = [letter for letter in letters_about(reservation) if letter.kind == "tickets"]
    return sent[-1] if sent else None


def _post(kind: str, reservation: Reservation, what: str, *, now: datetime, **about: Any) -> bool:
    if reservation.guest_id is None:
        return False
    key = f"{reservation.reference}:{what}"
    about |= {"reservation_id": reservation.pk}
    language = reservation.language or settings.LANGUAGE_CODE
    return outbox.post(kind, key=key, now=now, language=language, **about)


@outbox.writer("tickets")
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
    reservation = _reservation(reservation_id)
    if reservation.state != State.CANCELLED:
        return None
    called_off = reservation.showtime.state == ShowtimeState.CANCELLED
    return _content(
        "cancelled",
        reservation,
        attachments=[_calendar_entry(reservation)],
        refund=Refund.objects.filter(pk=refund_id).first(),
        by_guest=by.startswith("guest"),
        called_off=called_off and not by.startswith("guest"),
    )


@outbox.writer("seats_returned")
def _seats_returned(*, reservation_id: int, refund_id: int, seats: str) -> Content | None:
    reservation = _reservation(reservation_id)
    if not reservation.is_confirmed:
        return None  # then the letter about the cancellation says it all
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
        template=f"letters/{template}",
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
