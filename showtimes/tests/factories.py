"""Auditoriums and showtimes for tests."""

from datetime import datetime, timedelta
from textwrap import dedent
from typing import Any

from django.utils import timezone

from movies.models import Movie
from movies.tests.factories import make_movie
from showtimes import scheduling, seat_plan
from showtimes.models import Auditorium, Showtime

# Row A has ten seats, B two wheelchair spaces with companions, C ten premium seats.
SMALL_PLAN = dedent("""\
    A  sssss_sssss
    B  wc_______cw
    C  ppppp_ppppp
    """)
PRICES = {"standard": 1200, "premium": 1500}


def make_auditorium(name: str = "One", *, plan: str = SMALL_PLAN) -> Auditorium:
    return seat_plan.apply_plan(Auditorium.objects.create(name=name, plan=plan))


def make_showtime(
    *,
    movie: Movie | None = None,
    auditorium: Auditorium | None = None,
    starts_at: datetime | None = None,
    now: datetime | None = None,
    prices: dict[str, int] | None = None,
    **attributes: Any,
) -> Showtime:
    """On sale, tomorrow, in the small auditorium, unless told otherwise."""
    now = now or timezone.now()
    return scheduling.schedule(
        movie or make_movie(),
        auditorium or make_auditorium(),
        starts_at or now + timedelta(days=1),
        now=now,
        prices=prices or PRICES,
        **attributes,
    )
