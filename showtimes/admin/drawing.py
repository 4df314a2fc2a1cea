"""A seat plan as a drawing: where each row and each seat stands in an SVG."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.text import capfirst

from showtimes.models import SeatKind
from showtimes.seat_plan import KIND_OF, PlannedSeat

CELL = 26
MARGIN = 34  # for the rows' letters, on either side
PICTURE = 36  # for the picture above
SIGNS = {kind: sign for sign, kind in KIND_OF.items()}


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """`x` and `y` of the middle, in the drawing's units."""

    label: str
    number: int
    kind: str
    kind_name: str
    x: int
    y: int
    is_out_of_order: bool


@dataclass(frozen=True, slots=True)
class DrawnRow:
    label: str
    y: int
    seats: tuple[DrawnSeat, ...]


@dataclass(frozen=True)
class Drawing:
    """`kinds`: of each kind in the plan its sign in the grid, its name, and how many there are."""

    rows: tuple[DrawnRow, ...]
    width: int
    height: int
    kinds: tuple[tuple[str, str, str, int], ...]

    @property
    def seats(self) -> int:
        return sum(count for *_kind, count in self.kinds)

    @property
    def right(self) -> int:
        """Where the letters on the right stand."""
        return self.width - MARGIN // 2

    @property
    def picture(self) -> str:
        """The bent line of the picture, as the path of an SVG."""
        return f"M{MARGIN} 20 Q{self.width // 2} -4 {self.width - MARGIN} 20"


def drawn(seats: Sequence[PlannedSeat], out_of_order: Collection[str] = ()) -> Drawing:
    """The drawing of a plan's seats, which come row by row as `seat_plan.read` gives them."""
    rows = tuple(
        DrawnRow(label, _middle(y), tuple(_seat(seat, out_of_order) for seat in in_row))
        for (label, y), in_row in groupby(seats, key=lambda seat: (seat.row, seat.y))
    )
    count = Counter(seat.kind for seat in seats)
    kinds = tuple(
        (SIGNS[kind], str(kind), str(capfirst(kind.label)), count[kind])
        for kind in SeatKind
        if count[kind]
    )
    columns = 1 + max((seat.x for seat in seats), default=0)
    lines = 1 + max((seat.y for seat in seats), default=0)
    return Drawing(rows, 2 * MARGIN + columns * CELL, PICTURE + lines * CELL, kinds)


def _seat(seat: PlannedSeat, out_of_order: Collection[str]) -> DrawnSeat:
    label = f"{seat.row}{seat.number}"
    return DrawnSeat(
        label,
        seat.number,
        str(seat.kind),
        str(SeatKind(seat.kind).label),
        MARGIN + seat.x * CELL + CELL // 2,
        _middle(seat.y),
        label in out_of_order,
    )


def _middle(line: int) -> int:
    return PICTURE + line * CELL + CELL // 2
