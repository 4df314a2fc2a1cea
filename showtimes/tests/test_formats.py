"""Days, times, lengths and prices, as each language writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from showtimes.formats import (
    clock,
    day,
    money,
    night,
    night_note,
    runtime,
    short_day,
    when,
)

# Friday, 16 January 2026, in New York: a quarter past midnight, and an evening.
NIGHT = datetime(2026, 1, 16, 5, 15, tzinfo=UTC)
EVENING = datetime(2026, 1, 17, 0, 30, tzinfo=UTC)


def plain(text):
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-us", "Friday, January 16, 7:30 PM"),
        ("en-gb", "Friday, 16 January, 19:30"),
        ("de", "Freitag, 16. Januar, 19:30"),
        ("de-at", "Freitag, 16. Jänner, 19:30"),
    ],
)
def test_a_showtime_has_the_day_and_the_clock_of_the_language(language, words):
    with translation.override(language):
        assert plain(when(EVENING)) == words


@pytest.mark.parametrize(
    ("language", "long", "short", "words"),
    [
        ("en-us", "Thursday night", "Thu night, Fri, Jan 16",
         "Thursday night, Friday, January 16, 12:15 AM"),
        ("de", "Donnerstagnacht", "Do Nacht, Fr., 16. Jan.",
         "Donnerstagnacht, Freitag, 16. Januar, 00:15"),
    ],
)  # fmt: skip
def test_after_midnight_it_is_still_the_night_of_the_evening_before(language, long, short, words):
    with translation.override(language):
        assert (night(NIGHT), night_note(NIGHT), plain(when(NIGHT))) == (long, short, words)


def test_german_has_its_own_words_for_days_and_lengths():
    with translation.override("de"):
        assert clock(NIGHT) == "00:15"
        assert day(date(2026, 3, 1)) == "Sonntag, 1. März"
        assert short_day(date(2026, 3, 1)) == "So., 1. März"
        assert [runtime(minutes) for minutes in (45, 120, 153)] == [
            "45 Min.", "2 Std.", "2 Std. 33 Min.",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "english", "german"),
    [
        (1600, "usd", "$16.00", "16,00 $"),
        (1600, "eur", "€16.00", "16,00 €"),
        (123_456, "eur", "€1,234.56", "1.234,56 €"),
        (1600, "jpy", "¥1,600", "1.600 ¥"),
        (1600, "krw", "₩1,600", "1.600 ₩"),
        (4800, "kwd", "KWD 4.800", "4,800 KWD"),
        (240_000, "isk", "ISK 2,400", "2.400 ISK"),
        (420_000, "huf", "HUF 4,200.00", "4.200,00 HUF"),
    ],
)
def test_money_has_the_decimals_of_its_currency_and_the_signs_of_the_language(
    amount, currency, english, german
):
    with translation.override("en-us"):
        assert plain(money(amount, currency)) == english
    with translation.override("de"):
        assert plain(money(amount, currency)) == german
