"""A thread that does one job after another and stops before each step of it until it is let go on.

A step is a statement, a COMMIT, a ROLLBACK, a call of Stripe, or its answer before it is heard.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection, connections

from reservations.tests.points import Killed, stopping_at_stripe

Job = Callable[[], object]
ENDS = ("COMMIT", "ROLLBACK")


class Worker(threading.Thread):
    """`state` is idle, running, ready (before its `step`), blocked (by another's lock) or done."""

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
        with self._stopping():
            while (job := self.jobs.get()) is not None:
                connection.ensure_connection()  # the one before may have died
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

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self.reached(sql)
            return execute(sql, params, many, context)

        with (
            connection.execute_wrapper(statement),
            # Others can act inside of a batch: each statement of it is a step.
            patch.object(connection, "sends_batches", False, create=True),
            patch.object(connection, "commit", self._before("COMMIT", connection.commit)),
            patch.object(connection, "rollback", self._before("ROLLBACK", connection.rollback)),
        ):
            yield

    def _before(self, step: str, act: Callable[[], None]) -> Callable[[], None]:
        def acting() -> None:
            self.reached(step)
            act()

        return acting


@contextmanager
def stopping_workers_at_stripe() -> Iterator[None]:
    def reached(step: str) -> None:
        worker = threading.current_thread()
        if isinstance(worker, Worker):
            worker.reached(step)

    with stopping_at_stripe(reached):
        yield
