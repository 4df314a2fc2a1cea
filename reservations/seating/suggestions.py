"""Where a party might sit: the best places, and what one click on a seat would take.

Scripts show these and never work them out themselves. None of them is held by being suggested.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reservations.seating.choice import best_together, by_comfort, distance
from reservations.seating.runs import ON_REQUEST, Run, beside, groups, labels_of, runs
from showtimes.models import SeatKind
from showtimes.seat_plan import Plan, PlanSeat

OFFERS = 5


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All of them are labels. `best` are groups of the whole party, the best first, no seat twice.

    `by_seat` is what a click on a free seat takes: as many of the party as sit together there.
    """

    best: list[list[str]]
    by_seat: dict[str, list[str]]


def suggestions(plan: Plan, taken: Collection[int], party: int) -> Suggestions:
    by_seat: dict[str, list[str]] = {}
    for run in runs(plan, taken):
        for seat, group in _around(plan, run, party):
            by_seat[seat.label] = labels_of(group)
    for _row, seats in plan.rows:
        for seat in seats:
            if seat.kind in ON_REQUEST and seat.pk not in taken and not seat.out_of_order:
                by_seat[seat.label] = labels_of(_on_request(plan, seats, taken, seat, party))
    return Suggestions(_best(plan, taken, party), by_seat)


def _best(plan: Plan, taken: Collection[int], party: int) -> list[list[str]]:
    offers: list[Run] = []
    seen: set[int] = set()
    for group in by_comfort(plan, taken, party):
        if not seen & {seat.pk for seat in group}:
            offers.append(group)
            seen |= {seat.pk for seat in group}
        if len(offers) == OFFERS:
            break
    apart = [] if offers else best_together(plan, taken, party)
    return [labels_of(group) for group in (offers or [apart]) if group]


def _around(plan: Plan, run: Run, party: int) -> list[tuple[PlanSeat, Run]]:
    """For each seat the best group with it that leaves no orphan, or else the nearest such group.

    A guest alone gets the seat that was clicked: to be given another one would be odd.
    """
    if party == 1 or len(run) <= party:
        return [(seat, [seat] if party == 1 else run) for seat in run]
    ranked = sorted(
        groups(run, party), key=lambda group: sum(distance(plan, seat) for seat in group)
    )
    return [
        (
            seat,
            next((group for group in ranked if seat in group), [])
            or min(ranked, key=lambda group: min(abs(member.x - seat.x) for member in group)),
        )
        for seat in run
    ]


def _on_request(
    plan: Plan, row: Sequence[PlanSeat], taken: Collection[int], seat: PlanSeat, party: int
) -> Run:
    """A wheelchair space, the companion seat beside it, and on in that direction."""
    if seat.kind == SeatKind.COMPANION:
        spaces = beside(plan, seat, SeatKind.WHEELCHAIR)
        free = [space for space in spaces if space.pk not in taken]
        if free:
            return _on_request(plan, row, taken, free[0], max(party, 2))
        return [seat]
    beside_it = beside(plan, seat, SeatKind.COMPANION)
    companions = [companion for companion in beside_it if companion.pk not in taken]
    step = companions[0].x - seat.x if companions else 0
    by_x = {other.x: other for other in row if other.pk not in taken and not other.out_of_order}
    group = [seat]
    while step and len(group) < party:
        following = by_x.get(group[-1].x + step)
        if following is None or following.kind == SeatKind.WHEELCHAIR:
            break
        if following.kind == SeatKind.COMPANION and len(group) > 1:
            break
        group.append(following)
    return group
