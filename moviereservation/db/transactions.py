"""Transactions that are run again when the database asks for it."""

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger(__name__)

ATTEMPTS = 8
# Seconds; later it is not begun again. The locks of a worker that hangs are gone by then
# (moviereservation/db/engines.py), and a guest who waits longer has gone, too.
PATIENCE = 12.0
FIRST_PAUSE = 0.005  # seconds; doubled each time, with jitter, so that two do not meet again
# 1213 deadlock (on Galera also at COMMIT: another node was first), 1205 lock wait time-out (and
# MariaDB's NOWAIT), 3572 MySQL's NOWAIT, 1020 record has changed, 1047 node not ready.
RUN_AGAIN = {1213, 1205, 3572, 1020, 1047}
SQLITE_BUSY = ("database is locked", "database table is locked", "database is busy")

Args = ParamSpec("Args")
Result = TypeVar("Result")


def rerun(verb: Callable[Args, Result]) -> Callable[Args, Result]:
    """Run the verb in an outermost transaction, and the whole of it again after a deadlock.

    The verb must not have effects outside of the database. It is run `ATTEMPTS` times at most.
    """

    @functools.wraps(verb)
    def attempt(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        give_up_at = time.monotonic() + PATIENCE
        for number in range(ATTEMPTS):
            try:
                # Not only the verb: Galera and SQLite refuse on the way out, at COMMIT.
                with transaction.atomic(durable=True):
                    return verb(*args, **kwargs)
            except DatabaseError as error:
                last = number + 1 == ATTEMPTS or time.monotonic() > give_up_at
                if last or not is_transient(error):
                    raise
                # A connection that died is opened anew by the next attempt.
                connection.close_if_unusable_or_obsolete()
                pause = FIRST_PAUSE * 2**number * random.uniform(0.5, 1.5)
                logger.info("%s is run again after %s", verb.__name__, error)
                time.sleep(pause)
        raise AssertionError("unreachable")

    return attempt


def is_transient(error: DatabaseError) -> bool:
    """Whether nothing was written and the same transaction may well succeed now."""
    code = error.args[0] if error.args else None
    if isinstance(code, int):
        return code in RUN_AGAIN
    return str(code).startswith(SQLITE_BUSY)
