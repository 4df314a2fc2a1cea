"""A movie and its showtimes as schema.org has them: for search engines and assistants.

https://schema.org/ScreeningEvent
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from moviereservation.web.addresses import site_url
from movies.models import Movie
from showtimes.calendar_file import end_of
from showtimes.formats import cinema_name, minor_digits, names
from showtimes.programme.listing import ListedShowtime
from showtimes.programme.sharing import poster_address

SCHEMA = "https://schema.org"
MOST_NAMES = 12


def movie_with_showtimes(movie: Movie, listed: Iterable[ListedShowtime]) -> dict[str, Any]:
    """JSON-LD of a movie's page. Its genres have to be at hand, auditoriums too."""
    about = _movie(movie)
    events = [_screening(row, movie, about["@id"]) for row in listed]
    return {"@context": SCHEMA, "@graph": [about, *events]}


def _movie(movie: Movie) -> dict[str, Any]:
    url = site_url(movie.get_absolute_url())
    minutes = movie.runtime_minutes
    return _told(
        {
            "@type": "Movie",
            "@id": f"{url}#movie",
            "url": url,
            "name": movie.title,
            "alternateName": movie.original_title,
            "description": movie.summary or movie.description,
            "image": poster_address(movie),
            "genre": movie.genre_list,
            "duration": f"PT{minutes}M" if minutes else "",
            "contentRating": movie.rating,
            "dateCreated": movie.release_date.isoformat() if movie.release_date else "",
            "director": _people(movie.directors),
            "actor": _people(movie.cast),
            "countryOfOrigin": _told({"@type": "Country", "name": movie.country}),
            "inLanguage": movie.language,
        }
    )


def _screening(listed: ListedShowtime, movie: Movie, movie_id: str) -> dict[str, Any]:
    showtime = listed.showtime
    showtime.movie = movie
    url = site_url(showtime.get_absolute_url())
    return _told(
        {
            "@type": "ScreeningEvent",
            "@id": url,
            "url": url,
            "name": movie.title,
            "image": poster_address(movie),
            "startDate": timezone.localtime(showtime.starts_at).isoformat(),
            "endDate": timezone.localtime(end_of(showtime)).isoformat(),
            "eventStatus": f"{SCHEMA}/EventScheduled",
            "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
            "location": _cinema(showtime.auditorium.name),
            "workPresented": {"@id": movie_id},
            "videoFormat": showtime.format,
            "inLanguage": showtime.language or movie.language,
            "maximumAttendeeCapacity": listed.capacity,
            "remainingAttendeeCapacity": listed.seats_available,
            "offers": _offer(listed, url),
        }
    )


def _cinema(auditorium: str) -> dict[str, Any]:
    return _told(
        {
            "@type": "MovieTheater",
            "name": cinema_name(),
            "address": settings.CINEMA_ADDRESS,
            "url": site_url("/"),
            "containsPlace": {"@type": "Place", "name": auditorium},
        }
    )


def _offer(listed: ListedShowtime, url: str) -> dict[str, Any]:
    """The lowest price there is, all-in, as everywhere on our pages."""
    price = Decimal(listed.showtime.from_price).scaleb(-minor_digits())
    return {
        "@type": "Offer",
        "url": url,
        "price": str(price),
        "priceCurrency": settings.CURRENCY.upper(),
        "availability": f"{SCHEMA}/{_availability(listed)}",
    }


def _availability(listed: ListedShowtime) -> str:
    if listed.is_sold_out:
        return "SoldOut"
    return "LimitedAvailability" if listed.has_few_left else "InStock"


def _people(listed: str) -> list[dict[str, str]]:
    return [{"@type": "Person", "name": name} for name in names(listed, MOST_NAMES)]


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what nobody knows; {} when nothing but its type is left."""
    known = {name: fact for name, fact in facts.items() if fact not in ("", [], {}, None)}
    return known if known.keys() - {"@type"} else {}
