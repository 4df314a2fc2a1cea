"""Every order in which two verbs can meet: each statement, COMMIT, ROLLBACK and call of Stripe.

Each verb runs in a thread with a connection of its own, and stops before every step until it is
let go on. The explorer goes depth first through the choices of who goes on, and begins each order
anew. An order is bounded by its preemptions: how often a thread is left although it could go on.
(Nearly all races need no more than two: Musuvathi and Qadeer, "Iterative context bounding", 2007.)

A thread that waits for a lock of another's reaches no step; it is taken for blocked when it was not
heard of for a while. On a slow machine that may be said of a thread that only is slow: then the two
run at the same time for a moment, which is an order like any other.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection, connections

from payments.stripe_transport import StripeTransport
from reservations.tests.points import Killed

BLOCKED_SECONDS = 0.03
STUCK_SECONDS = 30.0
ENDS = ("COMMIT", "ROLLBACK")
NOBODY = -1  # whoever begins preempts nobody
Job = Callable[[], object]


@dataclass
class Outcome:
    """`left` orders were not tried when the time was over. `wrong` says what the last one broke."""

    orders: int = 0
    left: int = 0
    longest: int = 0
    seconds: float = 0.0
    wrong: str | None = None
    story: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The order that broke something, a line a step, as it can be read."""
        return "\n".join([f"{self.wrong} in order {self.orders}:", *self.story])


class Worker(threading.Thread):
    """Does one job after another, each step of it when it is told to."""

    def __init__(self, number: int, board: threading.Condition) -> None:
        super().__init__(daemon=True)
        self.number, self.board = number, board
        self.jobs: queue.Queue[Job | None] = queue.Queue()
        self.go = threading.Event()
        self.state, self.step = "idle", ""
        self.answer: object = None
        self.is_exploring = self.is_to_die = False

    def reached(self, step: str) -> None:
        if not self.is_exploring:
            return
        with self.board:
            self.state, self.step = "ready", step
            self.board.notify_all()
        self.go.wait()
        self.go.clear()
        if self.is_to_die:
            self.is_to_die = self.is_exploring = False  # the dead take no more steps
            raise Killed

    def run(self) -> None:
        def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self.reached(sql)
            return execute(sql, params, many, context)

        connection.ensure_connection()
        with (
            connection.execute_wrapper(statement),
            # Others can act inside of a batch: each statement of it is a step.
            patch.object(connection, "sends_batches", False, create=True),
            patch.object(connection, "commit", self._before("COMMIT", connection.commit)),
            patch.object(connection, "rollback", self._before("ROLLBACK", connection.rollback)),
        ):
            while (job := self.jobs.get()) is not None:
                self.is_exploring = True
                try:
                    self.answer = job()
                except Exception as error:
                    self.answer = error
                except Killed as killed:
                    self.answer = killed
                    connection.close()  # as the server does with what a dead worker had open
                self.is_exploring = False
                with self.board:
                    self.state = "done"
                    self.board.notify_all()
        connections.close_all()

    def _before(self, step: str, act: Callable[[], None]) -> Callable[[], None]:
        def acting() -> None:
            self.reached(step)
            act()

        return acting


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
        prepare: Callable[[], Sequence[Job]],
        check: Callable[[list[object]], str | None],
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
        while prefixes and time.monotonic() - began < seconds:
            prefix = prefixes.pop()
            trace, choices = self._tried(outcome, prepare, check, prefix, None)
            picked = [choice.picked for choice in choices]
            for step in range(len(trace) if dying else 0):
                if outcome.wrong:
                    break
                self._tried(outcome, prepare, check, picked, step)
            if outcome.wrong:
                break
            prefixes += self._others(prefix, choices, most_preemptions)
        outcome.left, outcome.seconds = len(prefixes), time.monotonic() - began
        return outcome

    def _tried(
        self,
        outcome: Outcome,
        prepare: Callable[[], Sequence[Job]],
        check: Callable[[list[object]], str | None],
        prefix: list[int],
        dies_at: int | None,
    ) -> tuple[list[tuple[int, str]], list["Choice"]]:
        trace, choices = self._run(prepare(), prefix, dies_at)
        outcome.orders += 1
        outcome.longest = max(outcome.longest, len(trace))
        outcome.wrong = check([worker.answer for worker in self.workers])
        if outcome.wrong:
            outcome.story = [
                f"  {'ABC'[who]}{' dies' if step == dies_at else ''}: {text[:110]}"
                for step, (who, text) in enumerate(trace)
            ]
        return trace, choices

    def _others(
        self, prefix: list[int], choices: list["Choice"], most: int | None
    ) -> Iterator[list[int]]:
        """The orders that leave this one at a choice after the prefix."""
        picked = [choice.picked for choice in choices]
        for number in range(len(prefix), len(choices)):
            spent = sum(choice.preempts(choice.picked) for choice in choices[:number])
            for other in choices[number].enabled:
                if other == picked[number]:
                    continue
                if most is None or spent + choices[number].preempts(other) <= most:
                    yield [*picked[:number], other]

    def _run(
        self, jobs: Sequence[Job], prefix: list[int], dies_at: int | None
    ) -> tuple[list[tuple[int, str]], list["Choice"]]:
        trace: list[tuple[int, str]] = []
        choices: list[Choice] = []
        for worker, job in zip(self.workers, jobs, strict=True):
            worker.state, worker.answer = "running", None
            worker.jobs.put(job)
        self._settle(releasing=False)
        last = NOBODY
        while enabled := [worker.number for worker in self.workers if worker.state == "ready"]:
            wished = prefix[len(choices)] if len(choices) < len(prefix) else last
            picked = wished if wished in enabled else enabled[0]
            if len(enabled) > 1:
                choices.append(Choice(picked, tuple(enabled), last))
            worker, last = self.workers[picked], picked
            worker.is_to_die = len(trace) == dies_at
            trace.append((picked, worker.step))
            worker.state = "running"
            worker.go.set()
            self._settle(releasing=worker.step in ENDS)
        stuck = [(worker.state, worker.step) for worker in self.workers if worker.state != "done"]
        assert not stuck, stuck
        return trace, choices

    def _settle(self, *, releasing: bool) -> None:
        """Wait until each worker is at a step, done, or blocked; locks that were released free."""
        with self.board:
            self.board.wait_for(lambda: not self._any("running"), BLOCKED_SECONDS)
            for worker in self.workers:
                if worker.state == "running":
                    worker.state = "blocked"
            if releasing and self._any("blocked"):
                self.board.wait_for(lambda: not self._any("blocked"), BLOCKED_SECONDS * 3)
            if not self._any("ready"):
                self.board.wait_for(
                    lambda: self._any("ready") or all(w.state == "done" for w in self.workers),
                    STUCK_SECONDS,
                )

    def _any(self, state: str) -> bool:
        return any(worker.state == state for worker in self.workers)


@dataclass(frozen=True)
class Choice:
    """Who went on where several could; `last` had the step before."""

    picked: int
    enabled: tuple[int, ...]
    last: int

    def preempts(self, number: int) -> bool:
        return number != self.last and self.last in self.enabled


@contextmanager
def exploring(count: int = 2) -> Iterator[Explorer]:
    """An explorer whose workers also stop before each call of Stripe, and before its answer."""
    explorer, request = Explorer(count), StripeTransport.request

    def calling(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        worker = threading.current_thread()
        path = url.partition("/v1/")[2]
        if isinstance(worker, Worker):
            worker.reached(f"Stripe: {method} {path}")
        answer = request(self, method, url, *args, **kwargs)
        if isinstance(worker, Worker):
            worker.reached(f"Stripe answered: {method} {path}")
        return answer

    with patch.object(StripeTransport, "request", calling):
        try:
            yield explorer
        finally:
            explorer.close()
