"""The cinema's day: what starts after midnight belongs to the evening before."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def business_day(moment: datetime) -> date:
    """The day under which guests look for a showtime that starts at this instant."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    early = local.hour < settings.BUSINESS_DAY_STARTS_AT_HOUR
    return local.date() - timedelta(days=1) if early else local.date()


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a business day, and the first of the next; 23 to 25 hours apart."""
    return _opening(day), _opening(day + timedelta(days=1))


def after_midnight(moment: datetime) -> bool:
    """Whether the calendar says another date than the business day."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return local.date() != business_day(moment)


def _opening(day: date) -> datetime:
    return datetime.combine(
        day, time(settings.BUSINESS_DAY_STARTS_AT_HOUR), tzinfo=timezone.get_default_timezone()
    )
