"""Many at once: threads that begin together, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def at_once(times: int, act: Callable[[int], Result]) -> list[Result]:
    """What `act(0)`, `act(1)`, … answered, all begun in the same moment."""
    gate = Barrier(times)

    def one(number: int) -> Result:
        gate.wait(10)
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as crowd:
        return list(crowd.map(one, range(times)))
