"""What a guest asks for: certain seats, or the best so many together. Each chooses its seats."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings

from reservations.seating import choice
from showtimes.seat_plan import Plan, PlanSeat

# The keys of the seats that cannot be had, read only by whoever needs them.
Taken = Callable[[], Collection[int]]


@dataclass(frozen=True)
class Labels:
    """Certain seats by their labels, in upper or lower case."""

    labels: Sequence[str]
    # Somebody may have them: a hold looks at that before it locks.
    may_be_taken: ClassVar[bool] = True

    def choose(self, plan: Plan, taken: Taken, *, look: int = 0) -> list[PlanSeat]:
        """The seats of the labels. Raises BadSeats."""
        return choice.named(plan, self.labels)

    def guess(self, plan: Plan) -> list[int]:
        """The keys of the seats that are meant, if the plan is still this one."""
        seats = (
            plan.by_label.get(label.strip().upper())
            for label in self.labels[: settings.SEATS_PER_RESERVATION]
        )
        return [seat.pk for seat in seats if seat is not None]


@dataclass(frozen=True)
class BestTogether:
    """The best `size` seats together."""

    size: int
    # They are chosen from what is free.
    may_be_taken: ClassVar[bool] = False

    def choose(self, plan: Plan, taken: Taken, *, look: int = 0) -> list[PlanSeat]:
        """The best of what is free, another one at each `look`. Raises BadSeats, NotTogether."""
        return choice.best(plan, taken(), self.size, look=look)

    def guess(self, plan: Plan) -> list[int]:
        return []


Wish = Labels | BestTogether
