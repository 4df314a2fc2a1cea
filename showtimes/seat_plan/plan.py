"""The seat plan of an auditorium: a text grid that a person can type and a program can draw.

One line per row, the row nearest the picture first: the row's label, blanks, then one character
per cell. `s` standard, `p` premium, `o` sofa, `r` restricted view, `w` wheelchair space,
`c` companion seat, `_` no seat. An empty line is a cross aisle. Seats are numbered from 1, from
left to right.

    A  __ssss__ssss__
    B  _sssss__sssss_

    C  wcpppp__ppppcw
"""

import functools
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from showtimes.errors import BadSeatPlan
from showtimes.models import Auditorium, Seat, SeatKind

KIND_OF = {
    "s": SeatKind.STANDARD,
    "p": SeatKind.PREMIUM,
    "o": SeatKind.SOFA,
    "r": SeatKind.RESTRICTED,
    "w": SeatKind.WHEELCHAIR,
    "c": SeatKind.COMPANION,
}
GAP = "_"
MAX_SEATS = 2000
LINE = re.compile(r"^([A-Z]{1,3})\s+(\S+)$")
PLANS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """One seat as the grid says it: `x` cells from the left, `y` lines from the picture."""

    row: str
    number: int
    kind: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlanSeat:
    """One seat of a stored plan."""

    pk: int
    label: str
    row: str
    number: int
    kind: str
    x: int
    y: int
    out_of_order: bool


@dataclass(frozen=True)
class Plan:
    """All seats of an auditorium, row by row from the picture, each from left to right."""

    rows: tuple[tuple[str, tuple[PlanSeat, ...]], ...]

    @functools.cached_property
    def by_label(self) -> dict[str, PlanSeat]:
        return {seat.label: seat for _row, seats in self.rows for seat in seats}

    @functools.cached_property
    def columns(self) -> int:
        return 1 + max((seat.x for _row, seats in self.rows for seat in seats), default=0)

    @functools.cached_property
    def depth(self) -> int:
        """From the first line to the last, in lines."""
        return max((seat.y for _row, seats in self.rows for seat in seats), default=0)


def read(grid: str) -> list[PlannedSeat]:
    """The seats of a text grid. Raises BadSeatPlan, naming the line."""
    seats: list[PlannedSeat] = []
    rows_seen: set[str] = set()
    for y, raw in enumerate(grid.strip("\n").splitlines()):
        line = raw.rstrip()
        if not line.strip():
            continue
        match = LINE.match(line.strip())
        if match is None:
            raise BadSeatPlan(
                _("Line %(n)s: write a row's letters, a blank and its seats, like “A sss_sss”.")
                % {"n": y + 1}
            )
        row, cells = match.groups()
        if row in rows_seen:
            raise BadSeatPlan(
                _("Line %(n)s: there are two rows %(row)s.") % {"n": y + 1, "row": row}
            )
        rows_seen.add(row)
        seats += _seats_of_row(row, cells, y)
    if not 1 <= len(seats) <= MAX_SEATS:
        raise BadSeatPlan(_("A plan has between 1 and %(most)s seats.") % {"most": MAX_SEATS})
    return seats


def plan_of(auditorium: Auditorium) -> Plan:
    """The stored plan; see `plan_at`."""
    return plan_at(auditorium.pk, auditorium.plan_version)


@functools.lru_cache(PLANS_KEPT)
def plan_at(auditorium_id: int, version: int) -> Plan:
    """The stored plan of a version, kept in this process: a changed plan has another version.

    Not in Redis: unpickling a few hundred seats costs more than everything else that a hold does.
    """
    rows: dict[str, list[PlanSeat]] = {}
    columns = ("pk", "row", "number", "kind", "x", "y", "out_of_order")
    seats = Seat.objects.filter(auditorium_id=auditorium_id).order_by("y", "x")
    for pk, row, number, kind, x, y, out in seats.values_list(*columns):
        seat = PlanSeat(pk, f"{row}{number}", row, number, kind, x, y, out)
        rows.setdefault(row, []).append(seat)
    return Plan(tuple((row, tuple(seats)) for row, seats in rows.items()))


def _seats_of_row(row: str, cells: str, y: int) -> list[PlannedSeat]:
    seats: list[PlannedSeat] = []
    for x, cell in enumerate(cells):
        if cell == GAP:
            continue
        if cell not in KIND_OF:
            raise BadSeatPlan(
                _("Row %(row)s: “%(cell)s” is no kind of seat; use s, p, o, r, w, c or _.")
                % {"row": row, "cell": cell}
            )
        seats.append(PlannedSeat(row, len(seats) + 1, KIND_OF[cell], x, y))
    return seats
