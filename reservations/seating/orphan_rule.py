"""What people are asked not to do to each other when they choose seats.

Asked of people on pages, before a hold; programs are advised and never refused (decision 0010).
A refusal always comes with seats that can be had in one click instead: where there are none, the
choice is granted.
"""

from collections.abc import Collection, Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reservations.errors import Alternative, CompanionAlone, LeavesSeatAlone
from reservations.seating.choice import alternatives
from reservations.seating.runs import ON_REQUEST, beside, labels_of, nearest_groups, orphans, runs
from showtimes.models import SeatKind
from showtimes.seat_plan import Plan, PlanSeat


def check(plan: Plan, taken: Collection[int], seats: Sequence[PlanSeat]) -> None:
    """`taken` without what this guest holds. Raises CompanionAlone, LeavesSeatAlone."""
    if any(seat.pk in taken for seat in seats):
        return  # that they are gone is more important, and is said when they are asked for
    _check_companions(plan, taken, seats)
    if settings.ORPHAN_RULE and not any(seat.kind in ON_REQUEST for seat in seats):
        _check_single_seats(plan, taken, seats)


def _check_companions(plan: Plan, taken: Collection[int], seats: Sequence[PlanSeat]) -> None:
    """A companion seat goes with a wheelchair space beside it: one in the choice, or one that is
    taken, because companions may book by themselves. Where no other seats are left it is anybody's.
    """
    alone = [
        seat
        for seat in seats
        if seat.kind == SeatKind.COMPANION
        and (spaces := beside(plan, seat, SeatKind.WHEELCHAIR))
        and not any(space in seats or space.pk in taken for space in spaces)
    ]
    instead = alternatives(plan, taken, seats, ordinary=True) if alone else []
    if not instead:
        return
    with_them = {beside(plan, seat, SeatKind.WHEELCHAIR)[0] for seat in alone}
    ways_out = [Alternative(instead[0], _("Take other seats"))]
    if len(seats) + len(with_them) <= settings.SEATS_PER_RESERVATION:
        words = _("Take the wheelchair space as well")
        ways_out.insert(0, Alternative(labels_of([*seats, *with_them]), words))
    raise CompanionAlone(labels_of(alone), ways_out)


def _check_single_seats(plan: Plan, taken: Collection[int], seats: Sequence[PlanSeat]) -> None:
    """Who sits in a run of free seats is asked to move along in it, never to sit elsewhere."""
    chosen = {seat.pk for seat in seats}
    alone: list[PlanSeat] = []
    moves: list[tuple[list[PlanSeat], list[list[PlanSeat]]]] = []
    for run in runs(plan, taken):
        here = [seat for seat in run if seat.pk in chosen]
        left = orphans(run, chosen)
        groups = nearest_groups(run, here) if left else []
        if groups:
            alone += left
            moves.append((here, groups))
    if alone:
        raise LeavesSeatAlone(labels_of(alone), list(_alternatives(seats, moves)))


def _alternatives(
    seats: Sequence[PlanSeat], moves: Sequence[tuple[list[PlanSeat], list[list[PlanSeat]]]]
) -> Iterator[Alternative]:
    """Every way to move along; where several parts of a party have to, the nearest for each."""
    if len(moves) == 1:
        here, groups = moves[0]
        for group in groups:
            stay = [seat for seat in seats if seat not in here]
            yield Alternative(labels_of([*stay, *group]), _move(here, group))
        return
    stay = [seat for seat in seats if not any(seat in here for here, _groups in moves)]
    group = [seat for _here, groups in moves for seat in groups[0]]
    yield Alternative(labels_of([*stay, *group]), _("Move closer together"))


def _move(here: Sequence[PlanSeat], there: Sequence[PlanSeat]) -> str:
    if here[-1].x - here[0].x != len(here) - 1:
        return _("Sit side by side")
    steps = there[0].x - here[0].x
    if steps < 0:
        words = ngettext("Move one seat left", "Move %(steps)s seats left", -steps)
    else:
        words = ngettext("Move one seat right", "Move %(steps)s seats right", steps)
    return words % {"steps": abs(steps)}
