"""Seats made from the text grid, and the grid made for a number of seats."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, ProtectedError

from movies import cached_reads
from showtimes.errors import SeatsInUse
from showtimes.models import Auditorium, Seat
from showtimes.seat_plan.plan import GAP, read


@transaction.atomic
def apply_plan(auditorium: Auditorium) -> Auditorium:
    """Make the seats what the text grid says. Raises BadSeatPlan, SeatsInUse.

    Seats keep their identity by label, so that what was booked stays booked when kinds and places
    change; a seat that was ever booked cannot be taken out.
    """
    planned = {f"{s.row}{s.number}": s for s in read(auditorium.plan)}
    stored = {seat.label: seat for seat in auditorium.seats.select_for_update().order_by("pk")}
    _delete_unbooked([seat for label, seat in stored.items() if label not in planned])
    Seat.objects.bulk_create(
        Seat(auditorium=auditorium, row=s.row, number=s.number, kind=s.kind, x=s.x, y=s.y)
        for label, s in planned.items()
        if label not in stored
    )
    moved = []
    for label, seat in stored.items():
        if (s := planned.get(label)) and (seat.kind, seat.x, seat.y) != (s.kind, s.x, s.y):
            seat.kind, seat.x, seat.y = s.kind, s.x, s.y
            moved.append(seat)
    Seat.objects.bulk_update(moved, ["kind", "x", "y"])
    return recount(auditorium)


def recount(auditorium: Auditorium) -> Auditorium:
    """After seats changed: count what can be sold, and let cached plans be out of date."""
    Auditorium.objects.filter(pk=auditorium.pk).update(
        capacity=auditorium.seats.filter(out_of_order=False).count(),
        plan_version=F("plan_version") + 1,
    )
    cached_reads.invalidate()
    auditorium.refresh_from_db()
    return auditorium


def grid_for(capacity: int) -> str:
    """A plain rectangular plan of exactly this many seats, aisle in the middle."""
    per_row = min(20, max(4, round((capacity * 1.6) ** 0.5)))
    lines = []
    for index, first in enumerate(range(0, capacity, per_row)):
        seats = min(per_row, capacity - first)
        left = (per_row - seats) // 2
        cells = GAP * left + "s" * seats + GAP * (per_row - seats - left)
        lines.append(f"{_row_label(index)}  {cells[: per_row // 2]}__{cells[per_row // 2 :]}")
    return "\n".join(lines)


def _delete_unbooked(seats: Sequence[Seat]) -> None:
    try:
        Seat.objects.filter(pk__in=[seat.pk for seat in seats]).delete()
    except ProtectedError as error:
        used = {str(claim) for claim in error.protected_objects}  # a claim is called like its seat
        raise SeatsInUse(sorted(used)) from None


def _row_label(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
