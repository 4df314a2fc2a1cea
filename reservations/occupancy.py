"""Which seats of a showtime are gone, counted and by seat; read often, so cached for seconds.

A hold counts until its time is over, whether or not anybody has tidied it up. What is cached is
forgotten when a claim changes; the few seconds bound what a hold that ended by itself still shows.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count

from reservations.models import ReservedSeat, State
from showtimes import availability

FRESH_SECONDS = 3


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


def forget(showtime_id: int) -> None:
    """Claims of this showtime have changed."""
    cache.delete_many([count_key(showtime_id), map_key(showtime_id)])


def count_key(showtime_id: int) -> str:
    return f"taken:{showtime_id}"


def map_key(showtime_id: int) -> str:
    return f"seat-map:{showtime_id}"
