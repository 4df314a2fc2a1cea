"""The seat map that guests see: the plan, and the few seats on it that are not free."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from reservations.seating.occupancy import Occupancy, occupancy_of
from showtimes.models import price_in
from showtimes.seat_plan import PlanSeat

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
    """The map of a public showtime as it was seconds ago at most. Raises UnknownShowtime."""
    return drawn_from(occupancy_of(showtime_id, now=now))


def drawn_from(occupancy: Occupancy) -> SeatMap:
    plan = occupancy.plan
    rows = tuple(
        MapRow(label, tuple(map_seat(occupancy, seat) for seat in seats))
        for label, seats in plan.rows
    )
    return SeatMap(occupancy.showtime_id, rows, plan.columns)


def map_seat(occupancy: Occupancy, seat: PlanSeat) -> MapSeat:
    return MapSeat(
        label=seat.label,
        row=seat.row,
        number=seat.number,
        kind=seat.kind,
        x=seat.x,
        y=seat.y,
        price=price_in(occupancy.prices, seat.kind),
        state=occupancy.taken.get(seat.pk, BLOCKED if seat.out_of_order else FREE),
    )
