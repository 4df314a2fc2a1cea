"""Cancelling a whole showtime: what it would cost, and doing it."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from accounts.actors import Actor
from payments.errors import PaymentRefused
from reservations import checkout
from reservations.errors import BookingRefused, StateMoved
from reservations.models import CLAIMING, Reservation, ReservedSeat, State
from reservations.seating import occupancy
from showtimes.errors import ShowtimeBooked
from showtimes.models import Seat, Showtime
from showtimes.scheduling import rescheduling

# Then whoever waits for the answer gets it, and housekeeping cancels the rest.
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class CancellationImpact:
    """What cancelling a showtime means: `amount` (minor units) goes back in `refunds` parts."""

    showtime: Showtime
    bookings: int
    refunds: int
    amount: int
    unpaid: int


@dataclass(frozen=True, slots=True)
class CancellationProgress:
    """How many reservations were cancelled, and how many are left to housekeeping."""

    cancelled: int
    waiting: int


def cancellation_impacts(showtimes: Collection[Showtime]) -> list[CancellationImpact]:
    """The impact of each showtime, in their order, in one query."""
    confirmed = Q(state=State.CONFIRMED)
    counted = {
        row["showtime_id"]: row
        for row in Reservation.objects.filter(showtime__in=[showtime.pk for showtime in showtimes])
        .values("showtime_id")
        .annotate(
            bookings=Count("pk", filter=confirmed),
            refunds=Count("payment", filter=confirmed),
            paid=Sum("amount", filter=confirmed & Q(payment__isnull=False)),
            unpaid=Count("pk", filter=Q(state__in=(State.HELD, State.PINNED))),
        )
    }
    none = {"bookings": 0, "refunds": 0, "paid": 0, "unpaid": 0}
    return [
        CancellationImpact(
            showtime, row["bookings"], row["refunds"], row["paid"] or 0, row["unpaid"]
        )
        for showtime in showtimes
        for row in [counted.get(showtime.pk, none)]
    ]


def cancel_showtime(
    showtime: Showtime, *, now: datetime, by: Actor, patience: float = PATIENCE_SECONDS
) -> CancellationProgress:
    """Sell no more seats of it and cancel every reservation, paid ones with a refund.

    The showtime goes first: what is booked in the same moment, housekeeping finds. So it may be
    called again, also when Stripe is away.
    """
    rescheduling.cancel(showtime)
    occupancy.invalidate(showtime.pk)
    standing = Reservation.objects.filter(showtime=showtime, state__in=CLAIMING)
    cancelled, until = 0, time.monotonic() + patience
    for reservation in standing.select_related("payment").order_by("state", "pk"):
        if time.monotonic() > until:
            break
        try:
            checkout.cancel(reservation, now=now, by=by, despite_cutoff=True)
        except (BookingRefused, PaymentRefused, StateMoved):
            continue
        cancelled += 1
    return CancellationProgress(cancelled, standing.count())


def is_booked(showtime: Showtime, *, now: datetime) -> bool:
    """Whether anybody has, or is about to pay for, a seat."""
    return ReservedSeat.objects.effective(now=now).filter(showtime=showtime).exists()


def refuse_if_booked(showtime: Showtime, *, now: datetime) -> None:
    """Raises ShowtimeBooked. Inside the caller's transaction, until whose end nobody books."""
    room = Showtime.objects.filter(pk=showtime.pk).values("auditorium_id")
    seats = Seat.objects.select_for_update().filter(auditorium__in=room)
    list(seats.order_by("pk").values_list("pk", flat=True))
    if is_booked(showtime, now=now):
        raise ShowtimeBooked
