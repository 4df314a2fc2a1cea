"""The points at which a worker can die or be held up: each statement, COMMIT and call of Stripe.

    with before_point(3, die):
        checkout.settle(…)          # reaches its third statement, COMMIT or call, and no further

A point stands before its step. What is after the last one is not different from a worker that has
finished.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from payments.stripe_transport import StripeTransport

SENDS_BATCHES = getattr(connection, "sends_batches", False)


class Killed(BaseException):
    """The worker is gone. No `except Exception` hears of it, and the database rolls back."""


def die() -> None:
    raise Killed


@contextmanager
def before_point(
    number: int, happening: Callable[[], object], *, idle: bool = False, split: bool = True
) -> Iterator[list[str]]:
    """Let `happening` happen before the step of this number, counted from 1; yields the steps.

    With `idle` only the points outside of a transaction count: there something else can be done
    with the same connection, as if another worker did it. Statements that are sent together are
    sent one by one, so that there is a point before each; without `split` they stay together.
    """
    steps: list[str] = []

    def reached(step: str) -> None:
        nonlocal happening
        if idle and connection.in_atomic_block:
            return
        steps.append(step)
        if len(steps) == number:
            now, happening = happening, lambda: None
            with paused():
                now()

    counting = True

    @contextmanager
    def paused() -> Iterator[None]:
        nonlocal counting
        counting = False
        try:
            yield
        finally:
            counting = True

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if counting:
            reached(sql)
        return execute(sql, params, many, context)

    commit = connection.commit

    def committing() -> None:
        if counting:
            reached("COMMIT")
        commit()

    def calling(step: str) -> None:
        if counting:
            reached(step)

    with (
        connection.execute_wrapper(statement),
        patch.object(connection, "sends_batches", not split and SENDS_BATCHES, create=True),
        patch.object(connection, "commit", committing),
        stopping_at_stripe(calling),
    ):
        yield steps


@contextmanager
def stopping_at_stripe(reached: Callable[[str], None]) -> Iterator[None]:
    """`reached` is told before each call of Stripe, and before what it answers is heard."""
    request = StripeTransport.request

    def calling(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        call = f"{method.upper()} {url.partition('/v1/')[2]}"
        reached(f"Stripe: {call}")
        answer = request(self, method, url, *args, **kwargs)
        reached(f"Stripe answered: {call}")
        return answer

    with patch.object(StripeTransport, "request", calling):
        yield
