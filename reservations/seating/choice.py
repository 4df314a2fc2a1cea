"""Which seats: reading a guest's wish, the best ones together, and what is free instead.

"Best" is what people choose when they can: near the middle of the row, a little behind the middle
of the room, together, and not so that a single seat is left over beside them.
"""

import random
from collections.abc import Collection, Iterator, Sequence

from django.conf import settings

from reservations.errors import (
    BlockedSeats,
    DuplicateSeats,
    NoSeats,
    NotTogether,
    TooManySeats,
    UnknownSeats,
)
from reservations.seating.runs import ON_REQUEST, groups, runs
from showtimes.models import SeatKind
from showtimes.seat_plan import Plan, PlanSeat

BEST_ROW = 0.62  # of the way from the picture to the back wall
ORPHAN_COST = 6.0  # as bad as sitting six seats further off
RESTRICTED_COST = 20.0  # nobody is put there while there is much else
OFFERS = 3


def named(plan: Plan, labels: Sequence[str]) -> list[PlanSeat]:
    """The seats of these labels, in upper or lower case. Raises BadSeats."""
    names = [label.strip().upper() for label in labels]
    _refuse_count(len(names))
    by_label = plan.by_label
    if unknown := [label for label in names if label not in by_label]:
        raise UnknownSeats(unknown)
    if twice := sorted({label for label in names if names.count(label) > 1}):
        raise DuplicateSeats(twice)
    seats = [by_label[label] for label in names]
    if blocked := [seat.label for seat in seats if seat.out_of_order]:
        raise BlockedSeats(blocked)
    return seats


def best(plan: Plan, taken: Collection[int], size: int, *, look: int = 0) -> list[PlanSeat]:
    """The best `size` seats together. Raises BadSeats, NotTogether.

    Whoever looks again (`look` > 0) because somebody was faster may get one of the next best, so
    that a crowd that asks for the best two does not fight for the same two again.
    """
    _refuse_count(size)
    seats = best_together(plan, taken, size, of_the_best=1 + 3 * look)
    if not seats:
        raise NotTogether(size)
    return seats


def best_together(
    plan: Plan, taken: Collection[int], size: int, *, of_the_best: int = 1
) -> list[PlanSeat]:
    """The best `size` free seats side by side, or any of the best few groups.

    If there are none side by side, the best near one another; [] if there are not so many.
    """
    together = by_comfort(plan, taken, size)
    if together:
        return random.choice(together[:of_the_best])
    scattered = sorted(
        (seat for run in runs(plan, taken) for seat in run),
        key=lambda seat: distance(plan, seat),
    )[:size]
    return sorted(scattered, key=lambda s: (s.y, s.x)) if len(scattered) == size else []


def by_comfort(plan: Plan, taken: Collection[int], size: int) -> list[list[PlanSeat]]:
    """Every `size` free seats side by side that leave no single seat alone, the best first."""
    far = {seat.pk: distance(plan, seat) for _row, seats in plan.rows for seat in seats}

    def cost(run: Sequence[PlanSeat], group: Sequence[PlanSeat]) -> float:
        left_over = ORPHAN_COST if len(run) == size + 1 else 0
        return left_over + sum(far[seat.pk] for seat in group) / size

    costed = [(cost(run, group), group) for run in runs(plan, taken) for group in groups(run, size)]
    return [group for _cost, group in sorted(costed, key=lambda pair: pair[0])]


def distance(plan: Plan, seat: PlanSeat) -> float:
    """From the best place of the room, in seats; a row counts as one and a half."""
    hidden = RESTRICTED_COST if seat.kind == SeatKind.RESTRICTED else 0
    aside = abs(seat.x - (plan.columns - 1) / 2)
    return hidden + aside + 1.5 * abs(seat.y - BEST_ROW * plan.depth)


def alternatives(
    plan: Plan, taken: Collection[int], seats: Sequence[PlanSeat], *, ordinary: bool = False
) -> list[list[str]]:
    """Up to three groups of as many free seats together, the nearest to these seats first.

    Who asked for wheelchair spaces or companion seats is offered as many of them, or nothing; with
    `ordinary` none of them.
    """
    needs = [] if ordinary else _needs(seats)
    middle_x = sum(seat.x for seat in seats) / len(seats)
    middle_y = sum(seat.y for seat in seats) / len(seats)

    def far(group: Sequence[PlanSeat]) -> float:
        x = sum(seat.x for seat in group) / len(group)
        # A row further is felt like two seats further.
        return abs(x - middle_x) + 2 * abs(group[0].y - middle_y)

    free = _runs(plan, taken, len(seats)) if needs else _without_orphans(plan, taken, len(seats))
    offers: list[list[PlanSeat]] = []
    for group in sorted((group for group in free if _needs(group) == needs), key=far):
        if not any(set(group) & set(other) for other in offers):
            offers.append(group)
        if len(offers) == OFFERS:
            break
    return [[seat.label for seat in group] for group in offers]


def _refuse_count(size: int) -> None:
    if size < 1:
        raise NoSeats
    if size > settings.SEATS_PER_RESERVATION:
        raise TooManySeats(settings.SEATS_PER_RESERVATION)


def _needs(seats: Sequence[PlanSeat]) -> list[str]:
    return sorted(seat.kind for seat in seats if seat.kind in ON_REQUEST)


def _without_orphans(plan: Plan, taken: Collection[int], size: int) -> Iterator[list[PlanSeat]]:
    for run in runs(plan, taken):
        yield from groups(run, size)


def _runs(plan: Plan, taken: Collection[int], size: int) -> Iterator[list[PlanSeat]]:
    """Every group of `size` free seats side by side, those on request included."""
    for run in runs(plan, taken, on_request=True):
        for first in range(len(run) - size + 1):
            yield run[first : first + size]
