"""Which seats of a showtime are gone, counted and by seat; read often, so cached for seconds.

A hold counts until its time is over, whether or not anybody has tidied it up. What is cached is
forgotten when a claim changes; the few seconds bound what a hold that ended by itself still shows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache, caches
from django.db.models import Count
from django.utils.translation import get_language

from reservations.errors import UnknownShowtime
from reservations.models import ReservedSeat, State
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme import availability
from showtimes.seat_plan import Plan, plan_at

FRESH_SECONDS = 3
KEPT_SECONDS = 600
T = TypeVar("T")

# What the seat page says of a showtime beside its seats: it is drawn again when one of these has
# changed.
SHOWN = (
    "movie_id", "movie__title", "movie__slug", "movie__language", "auditorium__name",
    "auditorium__access_notes", "format", "language", "has_captions", "has_audio_description",
    "is_relaxed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occupancy:
    """A public showtime, and `held` or `sold` for each seat of it that is gone, by its key.

    Whatever is drawn from two occupancies with the same `version` looks the same.
    """

    showtime_id: int
    auditorium_id: int
    plan_version: int
    state: str
    starts_at: datetime
    prices: dict[str, int]
    taken: dict[int, str]
    version: str

    @property
    def plan(self) -> Plan:
        return plan_at(self.auditorium_id, self.plan_version)

    def sells(self, *, now: datetime) -> bool:
        return self.state == ShowtimeState.ON_SALE and now < self.starts_at


def occupancy_of(showtime_id: int, *, now: datetime) -> Occupancy:
    """Cached for seconds. Raises UnknownShowtime.

    A plain tuple is cached: workers of two releases share a cache while an upgrade goes on, and a
    class is found only under the name that it has in one of them.
    """
    row: Any = cache.get_or_set(
        occupancy_key(showtime_id), lambda: _read(showtime_id, now=now), FRESH_SECONDS
    )
    return Occupancy(*row)


def cached(name: str, occupancy: Occupancy, draw: Callable[[], T]) -> T:
    """What was last drawn under this name from this very occupancy, or draw it now.

    One a showtime, name, language and currency is kept, however often its seats change.
    """
    key = f"{name}:{occupancy.showtime_id}:{get_language()}:{settings.CURRENCY}"
    stored: tuple[str, T] | None = caches["drawn"].get(key)
    if stored is not None and stored[0] == occupancy.version:
        return stored[1]
    drawn = draw()
    caches["drawn"].set(key, (occupancy.version, drawn), KEPT_SECONDS)
    return drawn


def taken_seats(showtime_id: int, *, now: datetime) -> dict[int, str]:
    """`held` or `sold` for every seat that cannot be had, by the seat's key. Never cached."""
    claims = ReservedSeat.objects.effective(now=now).filter(showtime_id=showtime_id)
    return {
        seat_id: "sold" if state == State.CONFIRMED else "held"
        for seat_id, state in claims.values_list("seat_id", "reservation__state")
    }


@availability.register
def count_taken(showtime_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """How many seats are gone, by showtime: one query for all that are not cached."""
    ids = list(showtime_ids)
    cached = cache.get_many([count_key(pk) for pk in ids])
    counts = {pk: cached[count_key(pk)] for pk in ids if count_key(pk) in cached}
    missing = [pk for pk in ids if pk not in counts]
    if missing:
        fresh = dict.fromkeys(missing, 0) | dict(
            ReservedSeat.objects.effective(now=now)
            .filter(showtime_id__in=missing)
            .values_list("showtime_id")
            .annotate(taken=Count("pk"))
        )
        cache.set_many({count_key(pk): taken for pk, taken in fresh.items()}, FRESH_SECONDS)
        counts |= fresh
    return counts


def invalidate(showtime_id: int) -> None:
    """Claims of this showtime have changed."""
    # Workers of 1.0.0 look under the last of these while an upgrade goes on.
    keys = (count_key(showtime_id), occupancy_key(showtime_id), f"occupancy:{showtime_id}")
    cache.delete_many(keys)


def count_key(showtime_id: int) -> str:
    return f"taken:{showtime_id}"


def occupancy_key(showtime_id: int) -> str:
    return f"seats-taken:{showtime_id}"


def _read(showtime_id: int, *, now: datetime) -> tuple[Any, ...]:
    """The fields of an Occupancy."""
    columns = (
        "auditorium_id", "auditorium__plan_version", "state", "starts_at", "prices", *SHOWN,
    )  # fmt: skip
    found = Showtime.objects.public().filter(pk=showtime_id).values_list(*columns).first()
    if found is None:
        raise UnknownShowtime
    taken = taken_seats(showtime_id, now=now)
    version = blake2s(repr((found, sorted(taken.items()))).encode(), digest_size=10).hexdigest()
    auditorium_id, plan_version, state, starts_at, prices = found[:5]
    return (showtime_id, auditorium_id, plan_version, state, starts_at, prices, taken, version)
