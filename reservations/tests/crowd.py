"""Many at once: threads that start together, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each job returned, or the exception that it raised, in the order of the jobs."""
    answers: list[Any] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers[number] = job()
        except Exception as error:
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"
