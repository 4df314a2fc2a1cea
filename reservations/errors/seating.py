"""What guests are told when their seats would not mind others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext_lazy

from reservations.errors.holding import BookingRefused


@dataclass(frozen=True, slots=True)
class Alternative:
    """All the seats to take instead, by label, and what to call that."""

    seats: list[str]
    words: str


class SeatingRefused(BookingRefused):
    """For the sake of others. `alternatives` are never empty."""

    alternatives: list[Alternative]

    @property
    def extra(self) -> dict[str, Any]:
        return {"alternatives": [alternative.seats for alternative in self.alternatives]}


class LeavesSeatAlone(SeatingRefused):
    code = "leaves_seat_alone"
    words = ngettext_lazy(
        "That would leave seat %(seats)s alone, and hardly anybody wants a single seat.",
        "That would leave seats %(seats)s alone, and hardly anybody wants a single seat.",
        "count",
    )
    meaning = (
        "A single free seat would be left between seats that are gone. "
        "`leftAlone` says which; `alternatives` are the same party moved along. Only pages refuse."
    )

    def __init__(self, alone: Sequence[str], alternatives: Sequence[Alternative]) -> None:
        self.alone, self.alternatives = list(alone), list(alternatives)
        super().__init__(seats=", ".join(alone), count=len(alone))

    @property
    def extra(self) -> dict[str, Any]:
        return super().extra | {"leftAlone": self.alone}


class CompanionAlone(SeatingRefused):
    code = "companion_alone"
    words = ngettext_lazy(
        "Seat %(seats)s is kept for whoever comes with a guest in a wheelchair.",
        "Seats %(seats)s are kept for those who come with a guest in a wheelchair.",
        "count",
    )
    meaning = (
        "A companion seat goes with the wheelchair space beside it. `alternatives` "
        "are both, or other seats. Only pages refuse."
    )

    def __init__(self, seats: Sequence[str], alternatives: Sequence[Alternative]) -> None:
        self.alternatives = list(alternatives)
        super().__init__(seats=", ".join(seats), count=len(seats))
