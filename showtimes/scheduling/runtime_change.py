"""What a change in the catalogue does to showtimes that are planned already."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from movies import cached_reads
from movies.models import Movie
from showtimes.errors import AuditoriumBusy, RunsIntoTheNext
from showtimes.models import Showtime, ShowtimeState
from showtimes.scheduling.planning import free_again_at, refuse_overlap


def on_runtime_changed(movie: Movie, **_kwargs: Any) -> None:
    """Hears of another runtime, inside the transaction that writes it."""
    move_ends(movie, now=timezone.now())


def move_ends(movie: Movie, *, now: datetime) -> None:
    """Move the ends of the movie's coming showtimes to its runtime as it is now.

    Raises RunsIntoTheNext, naming the clash. The caller's transaction is the one in which the movie
    was written, so that whoever schedules it meanwhile waits. Auditoriums are taken in the order
    of their keys.
    """
    coming = Showtime.objects.filter(movie=movie, starts_at__gt=now)
    standing = coming.exclude(state=ShowtimeState.CANCELLED).select_for_update()
    for showtime in standing.order_by("auditorium_id", "starts_at", "pk"):
        was_free_at, showtime.ends_at = showtime.ends_at, free_again_at(movie, showtime.starts_at)
        if showtime.ends_at > was_free_at:
            try:
                refuse_overlap(showtime)
            except AuditoriumBusy as busy:
                raise RunsIntoTheNext(showtime.starts_at, busy) from None
        Showtime.objects.filter(pk=showtime.pk).update(ends_at=showtime.ends_at)
    cached_reads.invalidate()
