"""Free seats side by side: the ground on which people are seated together.

A run ends at an aisle, at a seat that is taken or out of order, and at a seat that is kept for
wheelchair users and who comes with them. A single seat that a choice leaves over between two such
ends will hardly be sold: it is left alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from showtimes.models import SeatKind
from showtimes.seat_plan import Plan, PlanSeat

# Kept for those who need them: nobody is put there without asking, and none is ever left alone.
ON_REQUEST = (SeatKind.WHEELCHAIR, SeatKind.COMPANION)
Run = list[PlanSeat]


def runs(plan: Plan, taken: Collection[int], *, on_request: bool = False) -> Iterator[Run]:
    """Every run of free seats, row by row; with `on_request` those kept for some count too."""
    for _row, seats in plan.rows:
        run: Run = []
        for seat in seats:
            free = seat.pk not in taken and not seat.out_of_order
            if run and (not free or seat.x != run[-1].x + 1):
                yield run
                run = []
            if free and (on_request or seat.kind not in ON_REQUEST):
                run.append(seat)
        if run:
            yield run


def groups(run: Run, size: int) -> Iterator[Run]:
    """Every `size` seats of the run side by side that leave nobody alone who need not be."""
    for first in starts_without_orphans(len(run), size):
        yield run[first : first + size]


def starts_without_orphans(length: int, size: int) -> list[int]:
    """Where `size` seats may begin in a run of `length`, in seats from its left end.

    One seat from an end leaves that seat alone. If just one is left over there is no way round it.
    """
    over = length - size
    return [first for first in range(over + 1) if over == 1 or 1 not in (first, over - first)]


def orphans(run: Run, chosen: Collection[int]) -> list[PlanSeat]:
    """The single seats that a choice leaves over, unless it could not be helped."""
    over = [seat for seat in run if seat.pk not in chosen]
    if len(over) in (len(run), 1):
        return []
    places = {seat.x for seat in over}
    return [seat for seat in over if not {seat.x - 1, seat.x + 1} & places]


def nearest_groups(run: Run, chosen: Sequence[PlanSeat]) -> list[Run]:
    """As many seats of the same kinds, side by side: nearest first, one to each side at most."""
    kinds = sorted(seat.kind for seat in chosen)
    middle = _middle(chosen)
    left: Run | None = None
    for group in groups(run, len(chosen)):
        if sorted(seat.kind for seat in group) != kinds:
            continue
        if _middle(group) > middle:
            return sorted(filter(None, (left, group)), key=lambda g: abs(_middle(g) - middle))
        left = group
    return [left] if left else []


def beside(plan: Plan, seat: PlanSeat, kind: str) -> list[PlanSeat]:
    """The seats of a kind directly to the left and right, those out of order left out."""
    row = next(seats for label, seats in plan.rows if label == seat.row)
    return [
        other
        for other in row
        if abs(other.x - seat.x) == 1 and other.kind == kind and not other.out_of_order
    ]


def labels_of(seats: Iterable[PlanSeat]) -> list[str]:
    """From the picture to the back wall, left to right."""
    return [seat.label for seat in sorted(seats, key=lambda seat: (seat.y, seat.x))]


def _middle(group: Sequence[PlanSeat]) -> float:
    return sum(seat.x for seat in group) / len(group)
