"""Calendar files (.ics) as RFC 5545 has them: one event, which a later file can take back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from moviereservation.web.addresses import site_url
from movies.models import Movie
from showtimes.formats import cinema_name
from showtimes.models import Showtime

CONTENT_TYPE = "text/calendar; charset=utf-8"
LINE_OCTETS = 75  # RFC 5545, 3.1, without the line break
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` stays the same for ever; of two files with it the higher `sequence` counts."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    url: str
    words: str = ""
    sequence: int = 0
    cancelled: bool = False


def showtime_event(showtime: Showtime, *, path: str) -> Event:
    """A showtime with its movie and auditorium at hand; `path` is the page to read more."""
    movie: Movie = showtime.movie
    return Event(
        uid=uid(f"showtime-{showtime.pk}"),
        starts_at=showtime.starts_at,
        ends_at=end_of(showtime),
        title=movie.title,
        place=place_of(showtime),
        url=site_url(path),
    )


def calendar_file(event: Event, *, now: datetime) -> bytes:
    """The file's content, of type `CONTENT_TYPE`. A cancelled event takes itself out again."""
    return b"".join(_folded(line) for line in _lines(event, now=now))


def uid(name: str) -> str:
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def end_of(showtime: Showtime) -> datetime:
    """When guests can leave, without the cleaning; where nobody knows, when the room is free."""
    minutes = showtime.movie.runtime_minutes
    return showtime.starts_at + timedelta(minutes=minutes) if minutes else showtime.ends_at


def place_of(showtime: Showtime) -> str:
    """`The Grand, The Lantern Picture House, 12 High Street`."""
    parts = (showtime.auditorium.name, cinema_name(), settings.CINEMA_ADDRESS)
    return ", ".join(part for part in parts if part)


def _lines(event: Event, *, now: datetime) -> Iterator[str]:
    name = _text(cinema_name())
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{name}//Box office//EN"
    yield f"METHOD:{'CANCEL' if event.cancelled else 'PUBLISH'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"LOCATION:{_text(event.place)}"
    if event.words:
        yield f"DESCRIPTION:{_text(event.words)}"
    yield f"URL:{event.url}"
    yield f"ORGANIZER:mailto:{address}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Escaped; without control characters, which no line may have."""
    kept = "".join(letter for letter in words if letter == "\n" or letter.isprintable())
    return kept.translate(ESCAPES)


def _folded(line: str) -> bytes:
    """In pieces of at most 75 octets, never through the middle of a character."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode()
        # What follows the first piece begins with a blank, which counts.
        if len(piece) + len(octets) > LINE_OCTETS - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
