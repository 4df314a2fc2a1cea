"""A guest's bookings, as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import Refund
from reservations.models import Reservation, ReservedSeat, State
from reservations.tickets import codes

MOST_SHOWN = 200


@dataclass(slots=True)
class Bookings:
    unfinished: list[Reservation] = field(default_factory=list)
    upcoming: list[Reservation] = field(default_factory=list)
    past: list[Reservation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BookingPage:
    """`refusal` says why it could not be cancelled just now; `chosen` are the labels to be ticked;
    `is_found` for who came by reference and e-mail, without a log-in."""

    reservation: Reservation
    refusal: Exception | None
    now: datetime
    chosen: Sequence[str] = ()
    is_found: bool = False

    @property
    def is_unfinished(self) -> bool:
        return self.reservation.confirmed_at is None

    @property
    def can_be_cancelled(self) -> bool:
        return self.reservation.is_confirmed and self.reservation.can_be_cancelled(now=self.now)

    @property
    def can_be_split(self) -> bool:
        """Some seats of it may be given back without the others."""
        return self.can_be_cancelled and len(self.reservation.kept_seats) > 1

    @property
    def address(self) -> str:
        """Of the page of this booking, for who is logged in or for who found it."""
        name = "found-booking" if self.is_found else "booking"
        return reverse(name, args=[self.reservation.reference])

    @property
    def is_refundable(self) -> bool:
        return self.can_be_cancelled

    @property
    def tickets(self) -> list["Ticket"]:
        if not self.reservation.is_confirmed:
            return []
        return [Ticket(claim) for claim in self.reservation.kept_seats]

    @property
    def returned_labels(self) -> list[str]:
        return [claim.label for claim in self.reservation.returned_seats]

    @property
    def refunds(self) -> list[Refund]:
        payment = self.reservation.payment
        return sorted(payment.refunds.all(), key=lambda refund: refund.pk) if payment else []


@dataclass(frozen=True, slots=True)
class Ticket:
    claim: ReservedSeat

    @property
    def qr(self) -> SafeString:
        title = _("Ticket for seat %(seat)s") % {"seat": self.claim.label}
        # Made by segno from our own code; the title is escaped there.
        return mark_safe(codes.qr_svg(codes.code_of(self.claim), title=title))


def booking_page(
    reservation: Reservation,
    *,
    now: datetime,
    refusal: Exception | None = None,
    chosen: Sequence[str] = (),
    is_found: bool = False,
) -> BookingPage:
    return BookingPage(reservation, refusal, now, chosen, is_found)


def bookings_of(guest: User, *, now: datetime) -> Bookings:
    """Unpaid bookings that can still be paid, then what is to come (soonest first), then the rest.

    Holds that ended unpaid are left out: there is nothing to do about them.
    """
    bookings = Bookings()
    for reservation in guest.reservations.shown_to_guests().newest_first()[:MOST_SHOWN]:
        if reservation.is_held(now=now) or reservation.state == State.PINNED:
            bookings.unfinished.append(reservation)
        elif reservation.is_confirmed and reservation.showtime.ends_at > now:
            bookings.upcoming.append(reservation)
        elif reservation.confirmed_at is not None:
            bookings.past.append(reservation)
    bookings.upcoming.sort(key=lambda reservation: reservation.showtime.starts_at)
    return bookings
