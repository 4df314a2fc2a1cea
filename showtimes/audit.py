"""The audit's rules of the programme."""

from datetime import datetime, timedelta

from django.db.models import F, Max, RowRange, Window
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moviereservation.db.audit_rules import invariant, trouble
from showtimes.models import Showtime, ShowtimeQuerySet, ShowtimeState

SOON = timedelta(days=1)


@invariant(
    "8 no two showtimes overlap in one auditorium",
    to_do=_("Move one of the two to another auditorium or time."),
)
def overlapping_showtimes(now: datetime) -> ShowtimeQuerySet:
    """One that begins before all that began before it have ended; in one pass, not each by each."""
    ended = Window(
        Max("ends_at"),
        partition_by="auditorium_id",
        order_by=("starts_at", "pk"),
        frame=RowRange(end=-1),
    )
    standing = Showtime.objects.exclude(state=ShowtimeState.CANCELLED)
    return standing.annotate(busy_until=ended).filter(busy_until__gt=F("starts_at"))


@trouble(
    "drafts start soon",
    to_do=_("Put it on sale, or plan it for another day."),
    words=ngettext_lazy(
        "%(n)s draft starts within a day and is not on sale",
        "%(n)s drafts start within a day and are not on sale",
        "n",
    ),
    permission="showtimes.change_showtime",
    address="showtimes_showtime_changelist?state__exact=draft",
)
def drafts_of_tomorrow(now: datetime) -> ShowtimeQuerySet:
    return Showtime.objects.filter(state=ShowtimeState.DRAFT).starting_between(now, now + SOON)
