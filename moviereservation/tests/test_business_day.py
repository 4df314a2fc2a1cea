"""What starts after midnight belongs to the evening before, in every night of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from moviereservation.business_day import after_midnight, bounds, business_day


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T17:00", date(2026, 11, 22)),  # noon
        ("2026-11-23T04:59", date(2026, 11, 22)),  # 23:59
        ("2026-11-23T05:00", date(2026, 11, 22)),  # midnight
        ("2026-11-23T09:59", date(2026, 11, 22)),  # 4:59
        ("2026-11-23T10:00", date(2026, 11, 23)),  # 5:00
        ("2027-01-01T06:30", date(2026, 12, 31)),  # half past one of New Year's night
        ("2026-11-01T05:30", date(2026, 10, 31)),  # the first half past one
        ("2026-11-01T06:30", date(2026, 10, 31)),  # the second half past one
    ],
)
def test_a_day_ends_at_five_in_the_morning(moment, day):
    assert business_day(utc(moment)) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 11, 22), 24),
        (date(2026, 10, 31), 25),  # the clocks are put back at two of the night that follows
        (date(2026, 11, 1), 24),
        (date(2027, 3, 13), 23),  # and forward
        (date(2027, 3, 14), 24),
    ],
)
def test_a_day_has_all_its_hours_whatever_the_clocks_do(day, hours):
    first, last = bounds(day)
    assert last.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=hours)
    assert business_day(first) == business_day(last - timedelta(microseconds=1)) == day
    assert business_day(last) == day + timedelta(days=1)


def test_only_the_small_hours_bear_another_date():
    assert after_midnight(utc("2026-11-23T05:00"))
    assert after_midnight(utc("2026-11-23T09:59"))
    assert not after_midnight(utc("2026-11-23T10:00"))
    assert not after_midnight(utc("2026-11-23T04:59"))


def test_days_are_the_cinemas_and_not_the_servers(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    assert business_day(utc("2026-11-22T20:00")) == date(2026, 11, 23)
