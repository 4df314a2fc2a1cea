"""What a guest who has told us so is offered first: wheelchair spaces, and who comes along."""

from collections.abc import Iterator

from accounts.needs import Needs
from reservations.seating.occupancy import Occupancy
from reservations.seating.runs import Run, runs
from showtimes.models import SeatKind
from showtimes.seat_plan import PlanSeat

MOST_OFFERED = 3


def needed_seats(occupancy: Occupancy, needs: Needs) -> list[list[str]]:
    """Groups of free labels; none for who needs no wheelchair space, or when none is free."""
    if not needs.wheelchair:
        return []
    free = runs(occupancy.plan, occupancy.taken, on_request=True)
    groups = [group for run in free for group in _groups(run, needs)]
    return [[seat.label for seat in group] for group in groups[:MOST_OFFERED]]


def _groups(run: Run, needs: Needs) -> Iterator[list[PlanSeat]]:
    for place, seat in enumerate(run):
        if seat.kind != SeatKind.WHEELCHAIR:
            continue
        if not needs.companion:
            yield [seat]
            continue
        beside = [*run[max(place - 1, 0) : place], *run[place + 1 : place + 2]]
        for other in beside:
            if other.kind == SeatKind.COMPANION:
                yield sorted([seat, other], key=lambda place: place.x)
                break
