"""How money, times and days are written."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from showtimes import formats

ALMOST_MIDNIGHT = datetime(2026, 11, 27, 5, 15, tzinfo=UTC)  # 00:15 on Friday in New York


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1600, "usd", "$16.00"),
        (0, "usd", "$0.00"),
        (1600, "jpy", "¥1,600"),
        (16000, "kwd", "KWD\u00a016.000"),
        (123456, "eur", "€1,234.56"),
    ],
)
def test_minor_units_become_an_amount_of_that_currency(amount, currency, written):
    assert formats.money(amount, currency) == written


def test_every_locale_has_its_own_format():
    with override("de"):
        assert formats.money(1600, "eur") == "16,00\u00a0€"
        assert formats.clock(datetime(2026, 11, 22, 1, 30, tzinfo=UTC)) == "20:30"
        assert formats.day(date(2026, 11, 22)) == "Sonntag, 22. November"
        assert formats.month_day_short(date(2026, 12, 1)) == "1. Dez."


def test_times_are_those_of_the_cinema():
    assert formats.clock(datetime(2026, 11, 22, 0, 30, tzinfo=UTC)) == "7:30\u00a0PM"


def test_after_midnight_the_evening_is_named_with_the_date():
    assert formats.when(ALMOST_MIDNIGHT) == ("Thursday night, Friday, November 27, 12:15\u00a0AM")


@pytest.mark.parametrize(("minutes", "written"), [(45, "45 min"), (60, "1 h"), (153, "2 h 33 min")])
def test_a_runtime_is_written_in_hours_and_minutes(minutes, written):
    assert formats.runtime(minutes) == written
