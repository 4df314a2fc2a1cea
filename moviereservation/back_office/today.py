"""What somebody who opens the back office should see first."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from moviereservation.business_day import bounds, business_day
from moviereservation.db import audit_rules
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme.listing import listed


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not go right by itself, what to do about it, and where to see it."""

    words: str
    to_do: str
    url: str


@dataclass(frozen=True, slots=True)
class Tonight:
    """A showtime of today; `taken` of `capacity` seats are sold or held."""

    showtime: Showtime
    taken: int
    capacity: int


def showtimes(*, now: datetime) -> list[Tonight]:
    """Everything of this business day but what was cancelled, in the order of the start."""
    rows = (
        Showtime.objects.starting_between(*bounds(business_day(now)))
        .exclude(state=ShowtimeState.CANCELLED)
        .with_auditorium()
        .select_related("movie")
        .order_by("starts_at", "auditorium__name")
    )
    return [
        Tonight(row.showtime, row.capacity - row.seats_available, row.capacity)
        for row in listed(rows, now=now)
    ]


def troubles(user: User | AnonymousUser, *, now: datetime) -> list[Trouble]:
    """Of what this person may look at; nothing is good news."""
    return [
        Trouble(rule.in_words(count), str(rule.to_do), rule.url)
        for rule in audit_rules.rules()
        if rule.words and user.has_perm(rule.permission)
        if (count := audit_rules.counted(rule.broken_by(now)))
    ]
