"""When a movie is shown where: no two showtimes of one auditorium ever overlap."""

from datetime import MINYEAR, UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from movies.models import Movie
from showtimes import seat_plan
from showtimes.errors import (
    AuditoriumBusy,
    BadPrice,
    NonexistentTime,
    PastTime,
    TooFarAhead,
)
from showtimes.models import Auditorium, Showtime, ShowtimeState, checked_prices

UNKNOWN_RUNTIME = timedelta(minutes=150)
FURTHEST_DAYS = 366
LOOKS = 8


@transaction.atomic
def schedule(
    movie: Movie,
    auditorium: Auditorium,
    starts_at: datetime,
    *,
    now: datetime,
    prices: dict[str, int] | None = None,
    state: str = ShowtimeState.ON_SALE,
    **attributes: Any,
) -> Showtime:
    """Put a movie on. Raises AuditoriumBusy, naming the clash, PastTime, TooFarAhead, BadPrice."""
    validate_start(starts_at, now=now)
    showtime = Showtime(
        movie=movie,
        auditorium=auditorium,
        starts_at=starts_at,
        ends_at=free_again_at(as_it_stands(movie), starts_at),
        state=state,
        prices=_priced(prices),
        **attributes,
    )
    refuse_overlap(showtime)
    showtime.save(force_insert=True)
    return showtime


def refuse_overlap(showtime: Showtime) -> None:
    """Refuse a clash, inside the transaction in which the caller then saves the showtime.

    The auditorium's row is written first: whoever schedules there too waits for us to commit, and
    sees our showtime then.
    """
    Auditorium.objects.filter(pk=showtime.auditorium_id).update(
        schedule_version=F("schedule_version") + 1
    )
    clash = (
        Showtime.objects.overlapping(showtime.auditorium_id, showtime.starts_at, showtime.ends_at)
        .exclude(pk=showtime.pk)
        .select_related("movie", "auditorium")
        .first()
    )
    if clash is not None:
        raise AuditoriumBusy(
            clash.auditorium.name, clash.movie.title, clash.starts_at, clash.ends_at
        )


def as_it_stands(movie: Movie) -> Movie:
    """The movie as the database has it. Who changes its runtime waits until we have committed."""
    return Movie.objects.select_for_update().get(pk=movie.pk)


def free_again_at(movie: Movie, starts_at: datetime) -> datetime:
    """When the auditorium can start the next one: runtime and cleaning later."""
    minutes = movie.runtime_minutes
    runtime = timedelta(minutes=minutes) if minutes else UNKNOWN_RUNTIME
    # In UTC: a local time plus minutes is a time on the clock, and some nights the clocks jump.
    return starts_at.astimezone(UTC) + runtime + timedelta(minutes=settings.CLEANING_MINUTES)


def validate_start(starts_at: datetime, *, now: datetime, field: str = "startsAt") -> None:
    if starts_at <= now:
        raise PastTime(field)
    if starts_at > now + timedelta(days=FURTHEST_DAYS):
        raise TooFarAhead(field, FURTHEST_DAYS)


def local_start(day: date, clock: time, *, field: str = "time") -> datetime:
    """The cinema's local time as an instant. Raises NonexistentTime in the gap of a DST change,
    PastTime and TooFarAhead where the calendar ends.

    A time that comes twice that night is taken as the first of the two.
    """
    zone = timezone.get_default_timezone()
    local = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=zone)
    try:
        back = local.astimezone(UTC).astimezone(zone)
    except OverflowError:  # in the first or the last hours of the calendar
        if day.year == MINYEAR:
            raise PastTime(field) from None
        raise TooFarAhead(field, FURTHEST_DAYS) from None
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NonexistentTime(field, local)
    return local


def schedule_for(
    capacity: int, movie: Movie, starts_at: datetime, *, now: datetime, **attributes: Any
) -> Showtime:
    """The same in an auditorium made for this many seats: one that is free then, or a new one."""
    for attempt in range(LOOKS):
        try:
            with transaction.atomic():  # a refusal leaves no auditorium behind
                auditorium = auditorium_for(capacity, starts_at, movie)
                return schedule(movie, auditorium, starts_at, now=now, **attributes)
        except (AuditoriumBusy, IntegrityError):
            # Somebody took the auditorium, or the name of the new one, since we looked.
            if attempt + 1 == LOOKS:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def auditorium_for(capacity: int, starts_at: datetime, movie: Movie) -> Auditorium:
    """An auditorium made for this many seats: one that is free then, or a new one."""
    ends_at = free_again_at(movie, starts_at)
    busy = Showtime.objects.exclude(state=ShowtimeState.CANCELLED).filter(
        starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    fitting = Auditorium.objects.filter(made_to_size=True, capacity=capacity)
    free = fitting.exclude(pk__in=busy.values("auditorium_id")).order_by("pk").first()
    if free is not None:
        return free
    auditorium = Auditorium.objects.create(
        name=_free_name(capacity), plan=seat_plan.grid_for(capacity), made_to_size=True
    )
    return seat_plan.apply_plan(auditorium)


def _priced(prices: dict[str, int] | None) -> dict[str, int]:
    try:
        return checked_prices(prices or dict(settings.DEFAULT_PRICES))
    except ValueError as error:
        raise BadPrice(str(error)) from None


def _free_name(capacity: int) -> str:
    number = 1 + Auditorium.objects.filter(made_to_size=True).count()
    while Auditorium.objects.filter(name=f"Auditorium {number} ({capacity})").exists():
        number += 1
    return f"Auditorium {number} ({capacity})"
