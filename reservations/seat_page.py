"""The page on which seats are chosen, as its template wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.errors import AccountRefused
from reservations.errors import BookingRefused, SalesClosed, UnknownShowtime
from reservations.holders import Holder
from reservations.models import Reservation
from reservations.seat_map import FREE, SeatMap, seat_map
from showtimes.models import Showtime

DEFAULT_PARTY = 2


@dataclass(frozen=True, slots=True)
class SeatPage:
    """`chosen` are the labels to be ticked; `own` is what this guest holds of the showtime already.

    `alternatives` are groups of labels to be had with one click, after a refusal.
    """

    showtime: Showtime
    seat_map: SeatMap
    own: Reservation | None
    chosen: frozenset[str]
    refusal: BookingRefused | AccountRefused | None
    party: int

    @property
    def is_open(self) -> bool:
        return not isinstance(self.refusal, SalesClosed)

    @property
    def alternatives(self) -> list[list[str]]:
        return self.refusal.extra.get("alternatives", []) if self.refusal else []

    @property
    def most_seats(self) -> int:
        return settings.SEATS_PER_RESERVATION

    @property
    def hold_minutes(self) -> int:
        return settings.HOLD_MINUTES


def seat_page(
    showtime_id: int,
    holder: Holder | None,
    *,
    wish: Sequence[str] | int = (),
    refusal: BookingRefused | AccountRefused | None = None,
    now: datetime,
) -> SeatPage:
    """The page, with what was wished still ticked where it can be had. Raises UnknownShowtime."""
    showtime = _showtime(showtime_id)
    if refusal is None and not showtime.sells(now=now):
        refusal = SalesClosed()
    drawn = seat_map(showtime_id, now=now)
    own = _own_hold(holder, showtime_id, now=now) if holder else None
    return SeatPage(
        showtime=showtime,
        seat_map=drawn,
        own=own,
        chosen=_ticked(drawn, own, wish),
        refusal=refusal,
        party=wish if isinstance(wish, int) else len(wish) or DEFAULT_PARTY,
    )


def _showtime(showtime_id: int) -> Showtime:
    public = Showtime.objects.public().with_auditorium().select_related("movie")
    showtime = public.filter(pk=showtime_id).first()
    if showtime is None:
        raise UnknownShowtime
    return showtime


def _own_hold(holder: Holder, showtime_id: int, *, now: datetime) -> Reservation | None:
    holds = holder.reservations.holds(now=now).shown_to_guests()
    return holds.filter(showtime_id=showtime_id).first()


def _ticked(drawn: SeatMap, own: Reservation | None, wish: Sequence[str] | int) -> frozenset[str]:
    """What was wished and is free, or, before any wish, what is held already."""
    held = set(own.labels) if own else set()
    if isinstance(wish, int) or not wish:
        return frozenset(held)
    free = {seat.label for row in drawn.rows for seat in row.seats if seat.state == FREE}
    return frozenset({label.strip().upper() for label in wish} & (free | held))
