"""What one piece of load has cost, and the same over several rounds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.buyers import Outcome
from benchmarks.figures.crowd import Played

APP, DATABASE, LOAD = "app", "database", "load"


@dataclass(frozen=True)
class Sample:
    """`cpu` is milliseconds for each of `count` bookings or requests, by the tree of processes."""

    name: str
    count: int
    seconds: float
    cpu: dict[str, float]
    outcome: Outcome

    @classmethod
    def of(cls, name: str, count: int, played: Played, spent: dict[str, float]) -> Sample:
        """From what was played and the CPU seconds that were spent. `count` 0: every answer."""
        count = count or sum(played.outcome.statuses.values())
        seconds = {**spent, LOAD: played.cpu}
        cpu = {tree: 1000 * spent / max(count, 1) for tree, spent in seconds.items()}
        return cls(name, count, played.seconds, cpu, played.outcome)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def percentile(self, step: str, share: float) -> float:
        """Milliseconds."""
        return 1000 * self.outcome.percentile(step, share)

    def is_mostly(self, status: int) -> bool:
        """Whether half of all answers had this status."""
        number = sum(n for (_step, one), n in self.outcome.statuses.items() if one == status)
        return 2 * number > sum(self.outcome.statuses.values())

    @property
    def troubles(self) -> int:
        """Answers of 5xx, and connections that broke."""
        return sum(n for (_step, status), n in self.outcome.statuses.items()
                   if status == 0 or status >= 500)  # fmt: skip


@dataclass
class Figure:
    """The values of one figure, a round each."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> str:
        """The least and the greatest."""
        return f"{short(min(self.values))} – {short(max(self.values))}"


def short(value: float) -> str:
    """Three digits that count."""
    if value >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def medians(samples: Sequence[Sample], tree: str) -> float:
    return statistics.median(sample.cpu[tree] for sample in samples)
