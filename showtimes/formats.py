"""How times, days, money and movies are written for guests: in the locale's own formats."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext, to_locale
from django.utils.translation import gettext_lazy as _

from moviereservation.business_day import after_midnight, business_day
from movies.models import Movie
from showtimes import currencies
from showtimes.models import Showtime

LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
USUAL_FORMAT = "2D"
ACCESS = {
    "captions": (_("CC"), _("captions on the picture")),
    "audio_description": (_("AD"), _("audio description in headphones")),
    "relaxed": (_("Relaxed"), ""),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A short label; `meaning` spells an abbreviation out and is "" where there is none."""

    label: str
    meaning: str = ""


def money(amount: int, currency: str = "") -> str:
    """`1600` (minor units) as `$16.00`; of the cinema's currency unless another is named."""
    return _money(amount, currency.lower() or settings.CURRENCY, _language())


def cinema_name() -> str:
    """Not from the context: a page of an error has none."""
    return settings.CINEMA_NAME or gettext("The Lantern Picture House")


def cinema_address() -> str:
    """Street and town, or "" where nobody has said."""
    return str(settings.CINEMA_ADDRESS)


def currency() -> str:
    return str(settings.CURRENCY)


def minor_digits(currency: str = "") -> int:
    """How many decimals a minor unit stands for, for scripts that add prices up."""
    return currencies.digits(currency.lower() or settings.CURRENCY)


def clock(moment: datetime) -> str:
    """`7:30 PM`, or `19:30` where the locale has it."""
    return _plain(format_time(timezone.localtime(moment), "short", locale=_locale()))


def when(moment: datetime) -> str:
    """`Sunday, November 22, 7:30 PM`; after midnight with `Thursday night, ` in front."""
    calendar = f"{day(moment)}, {clock(moment)}"
    return f"{night(moment)}, {calendar}" if after_midnight(moment) else calendar


def night(moment: datetime) -> str:
    """`Thursday night`: the evening that a showtime after midnight belongs to."""
    return gettext("%(weekday)s night") % {"weekday": weekday(business_day(moment))}


def night_note(moment: datetime) -> str:
    """`Thu night, Fri, Nov 27`: next to the time of a showtime after midnight."""
    # A language that makes one word of it needs another one for a shortened weekday.
    words = pgettext("after a short weekday", "%(weekday)s night")
    evening = words % {"weekday": weekday_short(business_day(moment))}
    return f"{evening}, {short_day(moment)}"


def day(value: date) -> str:
    """`Sunday, November 22`."""
    return gettext("%(weekday)s, %(date)s") % {"weekday": weekday(value), "date": month_day(value)}


def short_day(value: date) -> str:
    """`Sun, Nov 22`."""
    return _skeleton("MMMEd", value)


def weekday(value: date) -> str:
    return _pattern("cccc", value)


def weekday_short(value: date) -> str:
    return _pattern("ccc", value)


def month_name(value: date) -> str:
    return _pattern("LLLL", value)


def month_day_short(value: date) -> str:
    """`Nov 22`."""
    return _skeleton("MMMd", value)


def month_day(value: date) -> str:
    """`November 22`."""
    return _skeleton("MMMMd", value)


def runtime(minutes: int) -> str:
    """`2 h 33 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def names(people: str, most: int) -> list[str]:
    """At most so many names of a comma-separated list."""
    return [name.strip() for name in people.split(",") if name.strip()][:most]


def badges(showtime: Showtime, movie: Movie) -> list[Badge]:
    """Where and how a movie is shown this time, without what is usual or said of the movie."""
    language = "" if showtime.language == movie.language else showtime.language
    usual = "" if showtime.format == USUAL_FORMAT else showtime.format
    shown = [Badge(words) for words in (showtime.auditorium.name, usual, language) if words]
    return shown + [Badge(*map(str, ACCESS[name])) for name in showtime.accessibility]


@lru_cache(maxsize=2048)
def _money(amount: int, currency: str, language: str) -> str:
    value = Decimal(amount).scaleb(-currencies.digits(currency))
    written = format_currency(value, currency.upper(), locale=Locale.parse(language))
    # CLDR parts letters from digits, as browsers do and Babel does not: `KWD 4.800`.
    return _plain(LETTER_BEFORE_DIGIT.sub("\u00a0", written))


def _skeleton(skeleton: str, value: date) -> str:
    return _plain(format_skeleton(skeleton, _noon(value), locale=_locale()))


def _pattern(pattern: str, value: date) -> str:
    return format_date(_noon(value), pattern, locale=_locale())


def _noon(value: date) -> datetime:
    """Of a moment the local day; as a naive datetime, which Babel moves to no other zone."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return datetime.combine(local, time(12))


def _locale() -> Locale:
    return Locale.parse(_language())


def _language() -> str:
    return to_locale(get_language() or settings.LANGUAGE_CODE)


def _plain(text: str) -> str:
    """CLDR's narrow no-break space has no glyph in our fonts; the wide one has."""
    return text.replace("\u202f", "\u00a0")
