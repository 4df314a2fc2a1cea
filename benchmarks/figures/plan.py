"""Every row that `make bench` prints, with its aim; and how much is done for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure and its aim. `carried`: the aim is time on another machine, see `floors.SAID`."""

    key: str
    what: str
    aim: float
    at_least: bool = False
    carried: bool = False

    def aim_here(self, factor: float) -> float:
        return self.aim * factor if self.carried else self.aim

    def is_met(self, value: float, factor: float) -> bool:
        aim = self.aim_here(factor)
        return value >= aim if self.at_least else value <= aim


@dataclass(frozen=True)
class Read(Row):
    """A page or a list: its aim is milliseconds of the app's CPU."""

    path: str = ""  # with the names of `reads.Places` in braces
    token: bool = False
    tagged: bool = True  # whether an unchanged one may be answered with 304
    movies: int = 20
    carried: bool = True


@dataclass(frozen=True)
class Sizes:
    """How much is done. `seconds` of each read; the others are numbers, for each round."""

    rounds: int
    bookings: int
    apart: int  # bookings whose hold and settle are measured apart
    rush: int  # attempts
    seconds: float
    profiled: int  # bookings and reads, three times


SIZES = {
    "quick": Sizes(rounds=3, bookings=100, apart=60, rush=600, seconds=0.5, profiled=40),
    "long": Sizes(rounds=7, bookings=200, apart=100, rush=1000, seconds=1.5, profiled=200),
}
WARM_UP = 80  # bookings, before all
AWAKE = 16  # bookings, before each that is measured
AT_ONCE = 200  # guests in a rush

BOOKING = (
    Row("app", "whole booking: app CPU, in units of the peer's", 0.55),
    Row("both", "whole booking: app + database CPU, in units of the peer's", 0.95),
    Row("commits", "durable commits a booking", 4),
    Row("statements", "statements a booking", 20),
    Row("calls", "calls of Stripe's API a booking", 3),
    Row("confirm", "confirm p50 with 8 clients, ms", 30, carried=True),
    Row("one", "one showtime against twenty: bookings a second", 0.85, at_least=True),
    Row("webhooks", "webhooks of a booking: app CPU ms more", 3, carried=True),
    Row("rush", "rush, 200 at once on ten seats: hold p99 ms", 800, carried=True),
    Row("troubles", "rush: answers of 5xx", 0),
)
STRANGER, LISTED = 0.06, 0.6
READS = (
    Read("movies_20", "/movies, 20 movies", STRANGER, path="/movies"),
    Read("movie", "/movies/:id", STRANGER, path="/movies/{movie}"),
    Read("times", "/movies/:id/showtimes", STRANGER, path="/movies/{movie}/showtimes"),
    Read("showtime", "/showtimes/:id", STRANGER, path="/showtimes/{showtime}"),
    Read("seats", "/showtimes/:id/seats", STRANGER, path="/showtimes/{showtime}/seats"),
    Read("front", "/", STRANGER, path="/"),
    Read("film", "/whats-on/<slug>/", STRANGER, path="/whats-on/{slug}/"),
    Read("sitemap", "/sitemap.xml", STRANGER, path="/sitemap.xml"),
    Read("calendar", "/whats-on/<slug>/<id>.ics", STRANGER, path="/whats-on/{slug}/{showtime}.ics"),
    Read("book", "/book/<id>/", 0.2, path="/book/{showtime}/", tagged=False),
    Read("movies_token", "/movies, with a token", LISTED, path="/movies", token=True),
    Read("times_token", "/movies/:id/showtimes, with a token", LISTED,
         path="/movies/{movie}/showtimes", token=True),
    Read("own_token", "/reservations/my-reservations, with a token", LISTED,
         path="/reservations/my-reservations", token=True),
    Read("movies_200", "/movies, 200 movies", STRANGER, path="/movies", movies=200),
)  # fmt: skip
