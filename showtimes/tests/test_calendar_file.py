"""Calendar files as RFC 5545 has them."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as some

from showtimes.calendar_file import Event, calendar_file, showtime_event
from showtimes.tests.factories import make_showtime

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def event(**changes) -> Event:
    given = {"uid": "e@x.example", "starts_at": NOW, "ends_at": NOW + timedelta(hours=2),
             "title": "A Movie", "place": "One", "url": "https://x.example/"}  # fmt: skip
    return Event(**(given | changes))


def read_back(content: bytes) -> icalendar.Event:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")[0]


@given(some.text(some.characters(exclude_categories=["C"]) | some.just("\n"), max_size=120))
def test_any_title_is_read_back_as_it_was(title):
    content = calendar_file(event(title=title, words=title), now=NOW)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    entry = read_back(content)
    printable = "".join(letter for letter in title if letter == "\n" or letter.isprintable())
    assert (entry["SUMMARY"], entry.get("DESCRIPTION", "")) == (printable, printable)


def test_no_title_adds_a_line_of_its_own():
    entry = read_back(calendar_file(event(title="A\r\nATTENDEE:mailto:eve@x.example"), now=NOW))
    assert "ATTENDEE" not in entry


def test_times_are_in_utc_and_every_line_ends_as_it_must():
    content = calendar_file(event(), now=NOW)
    assert b"DTSTART:20260102T030405Z\r\nDTEND:20260102T050405Z\r\n" in content
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_cancelled_event_says_so_twice():
    content = calendar_file(event(cancelled=True, sequence=3), now=NOW)
    calendar = icalendar.Calendar.from_ical(content)
    entry = read_back(content)
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)


@pytest.mark.django_db
def test_a_showtime_ends_with_the_movie_and_not_with_the_cleaning(settings):
    settings.CINEMA_ADDRESS = "12 High Street"
    showtime = make_showtime()
    entry = read_back(calendar_file(showtime_event(showtime, path="/whats-on/x/"), now=NOW))
    runtime = timedelta(minutes=showtime.movie.runtime_minutes)
    assert entry["DTEND"].dt - entry["DTSTART"].dt == runtime
    assert entry["LOCATION"] == "One, The Lantern Picture House, 12 High Street"
    assert entry["URL"] == f"{settings.SITE_URL}/whats-on/x/"
