"""Holds and bookings for tests."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from accounts.tests.cast import TEST
from reservations import booking, checkout
from reservations.booking.holder import Holder
from reservations.models import Reservation
from reservations.seating.wishes import BestTogether, Labels
from showtimes.models import Showtime
from tools.standin.process import Running


def hold_for(
    guest: User, showtime: Showtime, *labels: str, now: datetime | None = None
) -> Reservation:
    holder = Holder(guest_id=guest.pk)
    return hold_as(holder, showtime.pk, labels or ["A1", "A2"], now=now or timezone.now())


def hold_as(
    holder: Holder, showtime_id: int, wish: Sequence[str] | int, *, now: datetime
) -> Reservation:
    """These seats, or the best so many together."""
    wanted = BestTogether(wish) if isinstance(wish, int) else Labels(wish)
    return booking.hold(holder, showtime_id, wanted, now=now).reservation


def start_for(
    guest: User, showtime: Showtime, *labels: str, now: datetime | None = None
) -> Reservation:
    """Held, with a PaymentIntent at the stand-in that waits for a card."""
    now = now or timezone.now()
    reservation = hold_for(guest, showtime, *labels, now=now)
    checkout.start(reservation, guest, now=now)
    return reservation


def authorise(stripe: Running, reservation: Reservation, card: str = "pm_card_visa") -> None:
    """What the guest does in the card form."""
    assert reservation.payment is not None
    stripe.confirm(str(reservation.payment.intent_id), card)


def book_for(
    stripe: Running,
    guest: User,
    showtime: Showtime,
    *labels: str,
    now: datetime | None = None,
) -> Reservation:
    """Held, paid, confirmed."""
    now = now or timezone.now()
    reservation = start_for(guest, showtime, *labels, now=now)
    authorise(stripe, reservation)
    return checkout.settle(reservation.pk, now=now, by=TEST)
