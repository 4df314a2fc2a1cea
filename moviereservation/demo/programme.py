"""Two weeks of showtimes for the demo cinema: the same for the same first day, always."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from .auditoriums import AUDITORIUMS, DemoAuditorium
from .films import FILMS, Film
from .timetable import FRIDAY, SATURDAY, Part, Slot, slots

DAYS = 14
CLEANING = timedelta(minutes=20)
PATIENCE = timedelta(minutes=45)
"""How much later than its slot a showtime may start; after that the slot is left empty."""

COMING_SOON = frozenset({"the-kid", "wings"})
"""In the catalogue, but not yet on the programme."""


@dataclass(frozen=True, slots=True)
class PlannedShowtime:
    """One showtime to be made. `starts_at` is naive local time; prices are minor units.

    `fill` says how full the house should be made to look: 0 is empty, 1 is sold out.
    """

    film: str
    auditorium: str
    starts_at: datetime
    format: str
    language: str
    captions: bool
    audio_description: bool
    relaxed: bool
    prices: dict[str, int]
    fill: float


def programme(first_day: date) -> list[PlannedShowtime]:
    """Fourteen days from `first_day` in all auditoriums, in order of their starts."""
    chance = Random(first_day.toordinal())
    shown: Counter[str] = Counter()
    planned: list[PlannedShowtime] = []
    for offset in range(DAYS):
        day = first_day + timedelta(days=offset)
        today: Counter[str] = Counter()
        for auditorium in AUDITORIUMS:
            planned += _one_day(auditorium, day, offset, shown, today, chance)
    return sorted(_with_full_houses(planned, first_day), key=lambda show: show.starts_at)


def _one_day(
    auditorium: DemoAuditorium,
    day: date,
    offset: int,
    shown: Counter[str],
    today: Counter[str],
    chance: Random,
) -> Iterator[PlannedShowtime]:
    starts = [(slot, _start(day, slot)) for slot in slots(auditorium.name, day)]
    free_from = starts[0][1]
    for position, (slot, slot_start) in enumerate(starts):
        starts_at = _next_five_minutes(max(slot_start, free_from))
        if starts_at > slot_start + PATIENCE:
            continue
        following = starts[position + 1][1] if position + 1 < len(starts) else None
        room_until_next = following - starts_at if following else timedelta(days=1)
        choice = _choose(slot, room_until_next, shown, today, chance)
        shown[choice.slug] += 1
        today[choice.slug] += 1
        free_from = starts_at + timedelta(minutes=choice.runtime_minutes) + CLEANING
        yield _planned(choice, auditorium, slot, starts_at, offset, chance)


def _start(day: date, slot: Slot) -> datetime:
    after_midnight = timedelta(days=slot.part is Part.MIDNIGHT)
    return datetime.combine(day, slot.at) + after_midnight


def _next_five_minutes(moment: datetime) -> datetime:
    return moment + timedelta(minutes=-moment.minute % 5)


def _choose(
    slot: Slot, room_until_next: timedelta, shown: Counter[str], today: Counter[str], chance: Random
) -> Film:
    """The suitable film that was shown least, and not yet today where that can be had."""
    return min(
        (each for each in FILMS if _suits(each, slot) and _fits(each, room_until_next)),
        key=lambda each: (today[each.slug], shown[each.slug], chance.random()),
    )


def _suits(film: Film, slot: Slot) -> bool:
    if film.slug in COMING_SOON or (slot.captioned and film.is_silent):
        return False
    if (slot.live and not film.is_silent) or (slot.relaxed and film.rating not in ("G", "PG")):
        return False
    genres = set(film.genres)
    match slot.part:
        case Part.FAMILY:
            return film.slug in _FOR_FAMILIES
        case Part.MATINEE:
            return film.rating in ("G", "PG", "NR") and "Horror" not in genres
        case Part.AFTERNOON:
            return film.rating != "R" and film.runtime_minutes >= _FEATURE
        case Part.EVENING:
            return film.runtime_minutes >= _FEATURE
        case Part.LATE:
            return bool(genres & {"Horror", "Film Noir", "Thriller", "Mystery"})
        case Part.MIDNIGHT:
            return "Horror" in genres


_FEATURE = 60
_FOR_FAMILIES = frozenset(
    {
        "a-trip-to-the-moon",
        "safety-last",
        "sherlock-jr",
        "the-general",
        "the-gold-rush",
        "the-lost-world",
    }
)


def _fits(film: Film, room_until_next: timedelta) -> bool:
    return timedelta(minutes=film.runtime_minutes) + CLEANING <= room_until_next + PATIENCE


def _planned(
    film: Film,
    auditorium: DemoAuditorium,
    slot: Slot,
    starts_at: datetime,
    offset: int,
    chance: Random,
) -> PlannedShowtime:
    shown_as = _format(film, auditorium, slot, chance)
    return PlannedShowtime(
        film=film.slug,
        auditorium=auditorium.name,
        starts_at=starts_at,
        format=shown_as,
        language=film.language,
        captions=slot.captioned,
        audio_description=film.slug in _DESCRIBED and auditorium.name != "Cabinet",
        relaxed=slot.relaxed,
        prices=_prices(film, auditorium, slot, shown_as),
        fill=_fill(slot, starts_at, offset, chance),
    )


def _format(film: Film, auditorium: DemoAuditorium, slot: Slot, chance: Random) -> str:
    if slot.live and auditorium.instrument:
        return f"Live {auditorium.instrument}"
    if film.slug in _ON_FILM and auditorium.plays_film and not slot.captioned:
        return chance.choice(("35 mm", "35 mm", "2D"))
    return "4K restoration" if film.slug in _RESTORED_IN_4K else "2D"


_ON_FILM = frozenset(
    {
        "battleship-potemkin",
        "charade",
        "metropolis",
        "nosferatu",
        "sherlock-jr",
        "sunrise",
        "the-phantom-of-the-opera",
    }
)
_RESTORED_IN_4K = frozenset(
    {
        "carnival-of-souls",
        "detour",
        "his-girl-friday",
        "my-man-godfrey",
        "night-of-the-living-dead",
        "the-cabinet-of-dr-caligari",
        "the-general",
        "the-gold-rush",
    }
)
_DESCRIBED = frozenset(
    {
        "charade",
        "his-girl-friday",
        "house-on-haunted-hill",
        "metropolis",
        "my-man-godfrey",
        "night-of-the-living-dead",
        "the-general",
        "the-gold-rush",
    }
)


def _prices(film: Film, auditorium: DemoAuditorium, slot: Slot, shown_as: str) -> dict[str, int]:
    change = 600 if shown_as.startswith("Live") else 200 if shown_as == "35 mm" else 0
    if slot.part in (Part.FAMILY, Part.MATINEE):
        change -= 300
    if film.runtime_minutes < _FEATURE:
        change -= 300
    return {kind: price + change for kind, price in auditorium.prices.items()}


def _fill(slot: Slot, starts_at: datetime, offset: int, chance: Random) -> float:
    """Evenings and weekends sell better, and what is far off has hardly begun to."""
    base = {Part.EVENING: 0.55, Part.FAMILY: 0.45, Part.AFTERNOON: 0.35}.get(slot.part, 0.25)
    weekend = 0.2 if starts_at.weekday() in (FRIDAY, SATURDAY) else 0.0
    nearness = 1 - 0.06 * offset
    return round(max(0.0, min(0.85, (base + weekend + chance.uniform(-0.2, 0.15)) * nearness)), 2)


def _with_full_houses(
    planned: Iterable[PlannedShowtime], first_day: date
) -> Iterator[PlannedShowtime]:
    """Live music is nearly sold out, and so is the smallest room on a Saturday, quite."""
    for show in planned:
        ahead = (show.starts_at.date() - first_day).days
        if show.format.startswith("Live") and 1 <= ahead <= 8:
            yield replace(show, fill=_NEARLY_FULL[ahead % len(_NEARLY_FULL)])
        elif show.auditorium == "Cabinet" and show.starts_at.weekday() == SATURDAY:
            sold_out = 1 <= ahead <= 7 and show.starts_at.hour in (20, 21)
            yield replace(show, fill=1.0) if sold_out else show
        else:
            yield show


_NEARLY_FULL = (0.98, 0.9, 0.95, 0.93)
