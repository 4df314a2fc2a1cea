"""How many seats of a showtime are gone.

Who sits where is not known here. Whoever sells the seats registers a counter, and the lists of
showtimes ask it, so that knowledge keeps flowing one way.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol


class Counter(Protocol):
    def __call__(self, showtime_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
        """Seats that cannot be had, by showtime; a showtime without any may be left out."""
        ...


_counters: list[Counter] = []


def register(counter: Counter) -> Counter:
    """Let this counter be asked. Usable as a decorator."""
    _counters.append(counter)
    return counter


def seats_taken(showtime_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """Seats that cannot be had, by showtime: 0 for one that nobody has booked."""
    ids = list(showtime_ids)
    taken = dict.fromkeys(ids, 0)
    for counter in _counters:
        for showtime_id, seats in counter(ids, now=now).items():
            taken[showtime_id] += seats
    return taken
