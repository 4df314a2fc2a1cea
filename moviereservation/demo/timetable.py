"""The house's week: at which times each auditorium plays, and what kind of film suits."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


class Part(StrEnum):
    """A part of the day. MIDNIGHT starts after twelve and belongs to the evening before."""

    FAMILY = "family"
    MATINEE = "matinee"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    LATE = "late"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that wants a film. It may start later, by `PATIENCE`, after a long one."""

    at: time
    part: Part
    captioned: bool = False
    relaxed: bool = False
    live: bool = False


def slots(auditorium: str, day: date) -> tuple[Slot, ...]:
    """The slots of one auditorium on one business day, in order."""
    weekday = day.weekday()
    played = _WEEKEND if weekday in (SATURDAY, SUNDAY) else _WEEKDAY
    extra = _AFTER_HOURS.get((auditorium, weekday), ())
    special = _SPECIAL.get((auditorium, weekday), {})
    return tuple(special.get(slot.at, slot) for slot in (*played[auditorium], *extra))


_WEEKDAY: dict[str, tuple[Slot, ...]] = {
    "Grand": (
        Slot(time(14, 0), Part.MATINEE),
        Slot(time(17, 0), Part.AFTERNOON),
        Slot(time(19, 45), Part.EVENING),
    ),
    "Salon": (
        Slot(time(15, 15), Part.MATINEE),
        Slot(time(18, 0), Part.EVENING),
        Slot(time(20, 30), Part.EVENING),
    ),
    "Cabinet": (
        Slot(time(13, 15), Part.MATINEE),
        Slot(time(16, 0), Part.AFTERNOON),
        Slot(time(18, 30), Part.EVENING),
        Slot(time(21, 0), Part.LATE),
    ),
}

_WEEKEND: dict[str, tuple[Slot, ...]] = {
    "Grand": (
        Slot(time(10, 30), Part.FAMILY),
        Slot(time(13, 0), Part.MATINEE),
        Slot(time(16, 0), Part.AFTERNOON),
        Slot(time(19, 30), Part.EVENING),
    ),
    "Salon": (
        Slot(time(11, 15), Part.FAMILY),
        Slot(time(14, 0), Part.MATINEE),
        Slot(time(17, 15), Part.AFTERNOON),
        Slot(time(20, 15), Part.EVENING),
    ),
    "Cabinet": (
        Slot(time(11, 0), Part.FAMILY),
        Slot(time(12, 30), Part.MATINEE),
        Slot(time(15, 0), Part.AFTERNOON),
        Slot(time(17, 45), Part.EVENING),
        Slot(time(20, 45), Part.EVENING),
    ),
}

_AFTER_HOURS: dict[tuple[str, int], tuple[Slot, ...]] = {
    ("Grand", FRIDAY): (Slot(time(22, 15), Part.LATE), Slot(time(0, 15), Part.MIDNIGHT)),
    ("Grand", SATURDAY): (Slot(time(22, 30), Part.LATE), Slot(time(0, 30), Part.MIDNIGHT)),
    ("Salon", FRIDAY): (Slot(time(22, 45), Part.LATE),),
    ("Salon", SATURDAY): (Slot(time(22, 45), Part.LATE),),
    ("Cabinet", SATURDAY): (Slot(time(23, 0), Part.LATE),),
}

# Fixed appointments: they replace the slot of that time.
_SPECIAL: dict[tuple[str, int], dict[time, Slot]] = {
    ("Grand", TUESDAY): {time(19, 45): Slot(time(19, 45), Part.EVENING, captioned=True)},
    ("Grand", WEDNESDAY): {time(14, 0): Slot(time(14, 0), Part.MATINEE, relaxed=True)},
    ("Grand", FRIDAY): {time(19, 45): Slot(time(19, 45), Part.EVENING, live=True)},
    ("Grand", SUNDAY): {time(16, 0): Slot(time(16, 0), Part.AFTERNOON, live=True)},
    ("Salon", MONDAY): {time(15, 15): Slot(time(15, 15), Part.MATINEE, captioned=True)},
    ("Salon", THURSDAY): {time(20, 30): Slot(time(20, 30), Part.EVENING, live=True)},
    ("Salon", SATURDAY): {time(17, 15): Slot(time(17, 15), Part.AFTERNOON, captioned=True)},
    ("Salon", SUNDAY): {time(11, 15): Slot(time(11, 15), Part.FAMILY, relaxed=True)},
}
