"""What people read, in every language: found in the code, merged into catalogues, compiled.

Babel does it all, so that translating and testing need no gettext programs. What templates say is
found by Django's own `templatize`, as `makemessages` does.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOMS = ("accounts", "movies", "payments", "reservations", "showtimes", "moviereservation",
         "templates")  # fmt: skip
# What tests say to themselves, and names in migrations.
LEFT_OUT = ("/tests/", "/migrations/")
PAGES = (".html", ".txt")
OURS = {
    "gettext_noop": None,
    "gettext_lazy": None,
    "_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def refresh(language: str) -> Catalog:
    """Bring a language's catalogue up to the code, and compile it. What is new is left empty."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    po(language).write_bytes(written(catalog))
    po(language).with_suffix(".mo").write_bytes(compiled(catalog))
    return catalog


def extracted() -> Catalog:
    """Every msgid of code and templates, with the files that say it."""
    catalog = Catalog()
    for path in _files():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        text = path.read_text()
        if path.suffix in PAGES:
            text = _as_python(templatize(text, name))
        for _line, message, comments, context in extract(
            "python", BytesIO(text.encode()), DEFAULT_KEYWORDS | OURS
        ):
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """A language's catalogue as it was last written."""
    with po(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    # Babel would write what a form says in these.
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    return catalog


def untranslated(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id and not all(_strings(message))]


def languages() -> list[str]:
    """Those with a catalogue: every one but English, which the code itself is written in."""
    return sorted(path.name for path in Path(settings.LOCALE_PATHS[0]).iterdir() if path.is_dir())


def po(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")


def written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*")):
            is_code = path.suffix == ".py" or (path.suffix in PAGES and room == "templates")
            if is_code and not any(part in path.as_posix() for part in LEFT_OUT):
                yield path


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _as_python(blanked: str) -> str:
    """Between the calls `templatize` leaves X for every letter; no indentation may mean a thing."""
    return "\n".join(line.strip() for line in blanked.splitlines())
