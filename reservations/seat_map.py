"""The seat map that guests see: the plan, and the few seats on it that are not free."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.cache import cache

from reservations.errors import UnknownShowtime
from reservations.occupancy import FRESH_SECONDS, map_key, taken_seats
from showtimes.models import Showtime
from showtimes.seat_plan import Plan, plan_of

FREE, HELD, SOLD, BLOCKED = "free", "held", "sold", "blocked"


@dataclass(frozen=True, slots=True)
class MapSeat:
    """`price` in minor units; `x` cells from the left, `y` lines from the picture."""

    label: str
    row: str
    number: int
    kind: str
    x: int
    y: int
    price: int
    state: str


@dataclass(frozen=True, slots=True)
class MapRow:
    label: str
    seats: tuple[MapSeat, ...]


@dataclass(frozen=True)
class SeatMap:
    """Rows from the picture to the back, seats from left to right."""

    showtime_id: int
    rows: tuple[MapRow, ...]
    columns: int

    @cached_property
    def seats_available(self) -> int:
        return sum(seat.state == FREE for row in self.rows for seat in row.seats)


def seat_map(showtime_id: int, *, now: datetime) -> SeatMap:
    """The map of a public showtime, cached for seconds. Raises UnknownShowtime."""
    return cache.get_or_set(  # type: ignore[return-value]
        map_key(showtime_id), lambda: _drawn(showtime_id, now=now), FRESH_SECONDS
    )


def _drawn(showtime_id: int, *, now: datetime) -> SeatMap:
    showtime = Showtime.objects.public().with_auditorium().filter(pk=showtime_id).first()
    if showtime is None:
        raise UnknownShowtime
    plan = plan_of(showtime.auditorium)
    return SeatMap(
        showtime_id, _rows(showtime, plan, taken_seats(showtime_id, now=now)), plan.columns
    )


def _rows(showtime: Showtime, plan: Plan, taken: dict[int, str]) -> tuple[MapRow, ...]:
    return tuple(
        MapRow(
            label,
            tuple(
                MapSeat(
                    label=seat.label,
                    row=seat.row,
                    number=seat.number,
                    kind=seat.kind,
                    x=seat.x,
                    y=seat.y,
                    price=showtime.price_of(seat.kind),
                    state=taken.get(seat.pk, BLOCKED if seat.out_of_order else FREE),
                )
                for seat in seats
            ),
        )
        for label, seats in plan.rows
    )
