"""Every order in which verbs can meet: each statement, COMMIT, ROLLBACK and call of Stripe.

Each verb runs in a worker with a connection of its own, which stops before every step. The explorer
goes depth first through the choices of who goes on, and begins each order anew. An order is bounded
by its preemptions: how often a worker is left although it could go on. (Nearly all races need no
more than two: Musuvathi and Qadeer, "Iterative context bounding", 2007.)

A worker that waits for a lock of another's reaches no step. That it waits, and is not only slow,
the database says: it counts who waits for a row.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from reservations.tests.orders.worker import ENDS, Job, Worker, stopping_workers_at_stripe

# Beside another test process on the same server its waits are counted, too; then also be patient.
LOOK_SECONDS = 0.03 if "PYTEST_XDIST_WORKER" in os.environ else 0.002
RELEASE_SECONDS = 0.03  # what a lock that was released takes to wake one of several
SILENT_SECONDS = 2.0  # blocked by something that the database does not count
STUCK_SECONDS = 30.0
REPEATS = 5
NOBODY = -1  # whoever begins preempts nobody

Prepare = Callable[[], Sequence[Job]]
Check = Callable[[list[object]], str | None]


@dataclass
class Outcome:
    """`left` orders were not tried when the time was over, or could not be made again.

    `wrong` says what the last order broke.
    """

    orders: int = 0
    left: int = 0
    longest: int = 0
    seconds: float = 0.0
    wrong: str | None = None
    story: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The order that broke something, a line a step, as it can be read."""
        return "\n".join([f"{self.wrong} in order {self.orders}:", *self.story])


@dataclass(frozen=True)
class Choice:
    """Who took a step, and who could have; `last` took the step before."""

    picked: int
    enabled: tuple[int, ...]
    last: int
    step: str

    def preempts(self, number: int) -> bool:
        return number != self.last and self.last in self.enabled


class Diverged(Exception):
    """An order could not be made again: who should go on was not there."""


class Explorer:
    """Two or more workers, and who of them goes on."""

    def __init__(self, count: int) -> None:
        self.board = threading.Condition()
        self.workers = [Worker(number, self.board) for number in range(count)]
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        for worker in self.workers:
            worker.jobs.put(None)
        for worker in self.workers:
            worker.join(STUCK_SECONDS)

    def explore(
        self,
        prepare: Prepare,
        check: Check,
        *,
        most_preemptions: int | None,
        seconds: float,
        dying: bool = False,
    ) -> Outcome:
        """Try every order within the bound (None: all of them), or until the time is over.

        `prepare` makes the same state and the jobs again for each order; `check` gets what they
        answered, and says what is wrong. The first wrong order ends it. With `dying` each order is
        tried again for each of its steps, and who is to take that step is killed before it.
        """
        outcome, began = Outcome(), time.monotonic()
        prefixes: list[list[int]] = [[]]
        while prefixes and not outcome.wrong and time.monotonic() - began < seconds:
            prefix = prefixes.pop()
            choices = self._tried(outcome, prepare, check, prefix, None)
            picked = [choice.picked for choice in choices]
            # Who dies before the order leaves that from which it comes has died there already.
            for step in range(max(len(prefix) - 1, 0), len(choices) if dying else 0):
                if outcome.wrong:
                    break
                self._tried(outcome, prepare, check, picked, step)
            prefixes += self._others(prefix, choices, most_preemptions)
        outcome.left, outcome.seconds = outcome.left + len(prefixes), time.monotonic() - began
        return outcome

    def _tried(
        self,
        outcome: Outcome,
        prepare: Prepare,
        check: Check,
        prefix: list[int],
        dies_at: int | None,
    ) -> list[Choice]:
        for _repeat in range(REPEATS):
            try:
                choices = self._run(prepare(), prefix, dies_at)
            except Diverged:
                continue
            break
        else:
            outcome.left += 1
            return []
        outcome.orders += 1
        outcome.longest = max(outcome.longest, len(choices))
        outcome.wrong = check([worker.answer for worker in self.workers])
        if outcome.wrong:
            outcome.story = [
                f"  {'ABC'[choice.picked]}{' dies' if n == dies_at else ''}: {choice.step[:110]}"
                for n, choice in enumerate(choices)
            ]
        return choices

    def _others(
        self, prefix: list[int], choices: list[Choice], most: int | None
    ) -> Iterator[list[int]]:
        """The orders that leave this one at a choice after the prefix."""
        picked = [choice.picked for choice in choices]
        spent = 0
        for number, choice in enumerate(choices):
            for other in choice.enabled if number >= len(prefix) else ():
                if other == choice.picked:
                    continue
                if most is None or spent + choice.preempts(other) <= most:
                    yield [*picked[:number], other]
            spent += choice.preempts(choice.picked)

    def _run(self, jobs: Sequence[Job], prefix: list[int], dies_at: int | None) -> list[Choice]:
        choices: list[Choice] = []
        for worker, job in zip(self.workers, jobs, strict=True):
            worker.state, worker.answer = "running", None
            worker.jobs.put(job)
        self._settle(releasing=False)
        last, has_diverged = NOBODY, False
        while enabled := tuple(one.number for one in self.workers if one.state == "ready"):
            number = len(choices)
            wished = prefix[number] if number < len(prefix) else last
            is_asked_for = number < len(prefix) and (dies_at is None or number <= dies_at)
            has_diverged |= is_asked_for and wished not in enabled
            picked = wished if wished in enabled else enabled[0]
            worker = self.workers[picked]
            choices.append(Choice(picked, enabled, last, worker.step))
            worker.is_to_die, last = number == dies_at, picked
            worker.state = "running"
            worker.go.set()
            self._settle(releasing=worker.step in ENDS or number == dies_at)
        if has_diverged:
            raise Diverged
        return choices

    def _settle(self, *, releasing: bool) -> None:
        """Wait until each worker is at a step, done, or waits for a lock that another one has."""
        began = time.monotonic()
        with self.board:
            while not self.board.wait_for(lambda: not self._unheard(), LOOK_SECONDS):
                waited = time.monotonic() - began
                assert waited < STUCK_SECONDS, [(one.state, one.step) for one in self.workers]
                if not any(worker.state == "ready" for worker in self.workers):
                    continue  # somebody must
                # Of two, the other one had what was waited for.
                until = SILENT_SECONDS if len(self.workers) == 2 else RELEASE_SECONDS
                if releasing and waited < until:
                    continue
                if waited > SILENT_SECONDS or lock_waits() >= len(self._unheard()):
                    for worker in self._unheard():
                        worker.state = "blocked"
                    return

    def _unheard(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.state in ("running", "blocked")]


def lock_waits() -> int:
    """How many wait for a row on this server. (The table of transactions is up to 0.1 s old.)"""
    with connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")
        return int(cursor.fetchone()[1])


@contextmanager
def exploring(count: int = 2) -> Iterator[Explorer]:
    """An explorer whose workers also stop before each call of Stripe, and before its answer."""
    explorer = Explorer(count)
    with stopping_workers_at_stripe():
        try:
            yield explorer
        finally:
            explorer.close()
