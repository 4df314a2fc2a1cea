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
from showtimes.models import SeatKind
from showtimes.seat_plan import Plan, PlanSeat

# Kept for those who need them: nobody is put there without asking.
ON_REQUEST = (SeatKind.WHEELCHAIR, SeatKind.COMPANION)
BEST_ROW = 0.62  # of the way from the picture to the back wall
ORPHAN_COST = 6.0  # as bad as sitting six seats further off
OFFERS = 3


def named(plan: Plan, labels: Sequence[str]) -> list[PlanSeat]:
    """The seats of these labels, in upper or lower case. Raises BadSeats."""
    wanted = [label.strip().upper() for label in labels]
    _refuse_count(len(wanted))
    by_label = plan.by_label
    if unknown := [label for label in wanted if label not in by_label]:
        raise UnknownSeats(unknown)
    if twice := sorted({label for label in wanted if wanted.count(label) > 1}):
        raise DuplicateSeats(twice)
    seats = [by_label[label] for label in wanted]
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
    groups = sorted(_runs(plan, taken, size), key=lambda group: _cost(plan, taken, group))
    if groups:
        return random.choice(groups[:of_the_best])
    scattered = sorted(_offered(plan, taken), key=lambda seat: _distance(plan, seat))[:size]
    return sorted(scattered, key=lambda s: (s.y, s.x)) if len(scattered) == size else []


def alternatives(plan: Plan, taken: Collection[int], wanted: Sequence[PlanSeat]) -> list[list[str]]:
    """Up to three groups of as many free seats together, the nearest to the wanted ones first.

    Who wanted wheelchair spaces or companion seats is offered as many of them, or nothing.
    """
    needs = _needs(wanted)
    middle_x = sum(seat.x for seat in wanted) / len(wanted)
    middle_y = sum(seat.y for seat in wanted) / len(wanted)

    def far(group: Sequence[PlanSeat]) -> float:
        x = sum(seat.x for seat in group) / len(group)
        # A row further is felt like two seats further.
        return abs(x - middle_x) + 2 * abs(group[0].y - middle_y) + _orphans(plan, taken, group)

    runs = _runs(plan, taken, len(wanted), on_request=bool(needs))
    offers: list[list[PlanSeat]] = []
    for group in sorted((run for run in runs if _needs(run) == needs), key=far):
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


def _offered(plan: Plan, taken: Collection[int], *, on_request: bool = False) -> Iterator[PlanSeat]:
    for _row, seats in plan.rows:
        for seat in seats:
            if seat.pk in taken or seat.out_of_order:
                continue
            if on_request or seat.kind not in ON_REQUEST:
                yield seat


def _runs(
    plan: Plan, taken: Collection[int], size: int, *, on_request: bool = False
) -> Iterator[list[PlanSeat]]:
    """Every group of `size` free seats side by side, with no aisle between them."""
    run: list[PlanSeat] = []
    for seat in _offered(plan, taken, on_request=on_request):
        if run and (seat.y != run[-1].y or seat.x != run[-1].x + 1):
            run = []
        run.append(seat)
        if len(run) >= size:
            yield run[-size:]


def _cost(plan: Plan, taken: Collection[int], group: Sequence[PlanSeat]) -> float:
    distance = sum(_distance(plan, seat) for seat in group) / len(group)
    return distance + ORPHAN_COST * _orphans(plan, taken, group)


def _distance(plan: Plan, seat: PlanSeat) -> float:
    """From the best place of the room, in seats; a row counts as one and a half."""
    return abs(seat.x - (plan.columns - 1) / 2) + 1.5 * abs(seat.y - BEST_ROW * plan.depth)


def _orphans(plan: Plan, taken: Collection[int], group: Sequence[PlanSeat]) -> int:
    """How many single free seats the group would leave beside itself."""
    row = next(seats for label, seats in plan.rows if label == group[0].row)
    free = {seat.x for seat in row if seat.pk not in taken and not seat.out_of_order}
    left, right = group[0].x - 1, group[-1].x + 1
    return (left in free and left - 1 not in free) + (right in free and right + 1 not in free)
