"""The tickets of a booking on paper: a PDF with a ticket for each seat, three to a page.

reportlab writes no tagged PDF; it has a title, a language, real text in reading order, and the
page of the booking says the same in HTML.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reservations.models import Reservation, ReservedSeat
from reservations.tickets import codes
from showtimes.formats import cinema_name, clock, short_day, when

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parent / "fonts"
DISPLAY, STRONG, ANY = "league-gothic-latin", "libre-franklin-latin-600", "dejavu-sans-bold"
# In points. A4; the tickets keep clear of the edges of US Letter, too.
PAGE = (595, 842)
LEFT, WIDTH, HEIGHT, GAP, TOP = 42, 511, 214, 20, 792
STUB, QR, PAD = 168, 132, 20
PER_PAGE = 3
INK, RED, SOFT, LINE = "#15140e", "#ac0216", "#57554b", "#8a877a"


def tickets_pdf(reservation: Reservation) -> bytes:
    """The PDF of a reservation read with `shown_to_guests()`, in the language that is active."""
    # Here, because it takes 20 MB of every process that imports it, and few write a PDF.
    from reportlab.pdfgen.canvas import Canvas

    out, showtime = io.BytesIO(), reservation.showtime
    canvas = Canvas(out, pagesize=PAGE, pageCompression=1, lang=get_language())
    _load_fonts()
    title = _("Tickets for %(movie)s, %(when)s")
    canvas.setTitle(title % {"movie": showtime.movie.title, "when": when(showtime.starts_at)})
    canvas.setAuthor(cinema_name())
    canvas.setSubject(reservation.reference)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, claim in enumerate(reservation.kept_seats):
        if number and number % PER_PAGE == 0:
            canvas.showPage()
        bottom = TOP - HEIGHT - number % PER_PAGE * (HEIGHT + GAP)
        _draw_ticket(canvas, reservation, claim, bottom)
    canvas.save()
    return out.getvalue()


def warm_up() -> None:
    """Read what the first PDF of a process would otherwise wait for."""
    import reportlab.pdfgen.canvas  # noqa: F401

    _load_fonts()


@dataclass(frozen=True, slots=True)
class Fact:
    """A word with its value below, in points of type."""

    name: str
    value: str
    size: int = 24
    color: str = INK


def _draw_ticket(
    canvas: "Canvas", reservation: Reservation, claim: ReservedSeat, bottom: float
) -> None:
    top, right = bottom + HEIGHT, LEFT + WIDTH
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.75)
    canvas.roundRect(LEFT, bottom, WIDTH, HEIGHT, 4)
    room = WIDTH - STUB - 2 * PAD
    _write(canvas, cinema_name(), LEFT + PAD, top - 27, STRONG, 9, SOFT, room)
    _draw_title(canvas, reservation.showtime.movie.title, top - 34, room)
    for row, facts in enumerate(_facts(reservation, claim)):
        _draw_facts(canvas, facts, bottom + (74 if row == 0 else 20), room)
    canvas.setDash(0.5, 5)
    canvas.setLineCap(1)
    canvas.setLineWidth(2)
    canvas.line(right - STUB, bottom + 8, right - STUB, top - 8)
    canvas.setDash()
    middle = right - STUB / 2
    _draw_code(canvas, codes.code_of(claim), middle - QR / 2, bottom + (HEIGHT - QR) / 2 + 8)
    canvas.setFont(STRONG, 11)
    canvas.setFillColor(INK)
    canvas.drawCentredString(middle, bottom + 26, reservation.reference)


def _facts(reservation: Reservation, claim: ReservedSeat) -> Iterator[list[Fact]]:
    showtime, seat = reservation.showtime, claim.seat
    yield [
        Fact(_("Row"), seat.row, 40, RED),
        Fact(_("Seat"), str(seat.number), 40, RED),
        Fact(_("Auditorium"), showtime.auditorium.name),
    ]
    yield [
        Fact(_("Day"), short_day(showtime.starts_at)),
        Fact(_("Time"), clock(showtime.starts_at)),
        Fact(_("Kind of seat"), seat.get_kind_display()),
    ]


def _draw_title(canvas: "Canvas", title: str, top: float, room: float) -> None:
    """In one line if it fits, in two if not, smaller until it does."""
    title = title.upper()
    font = _font_for(title, DISPLAY)
    for size in (38, 34, 30, 26, 22, 19, 16):
        lines = _wrapped(canvas, title, font, size, room)
        if len(lines) * size <= 48:
            break
    for number, line in enumerate(lines[:3]):
        _write(canvas, line, LEFT + PAD, top - size * (number + 0.92), font, size, INK, room)


def _draw_facts(canvas: "Canvas", facts: list[Fact], bottom: float, room: float) -> None:
    x = float(LEFT + PAD)
    for fact in facts:
        left = max(LEFT + PAD + room - x, 20)
        name = _write(canvas, fact.name, x, bottom + fact.size * 0.8 + 6, STRONG, 8, SOFT, left)
        value = _write(canvas, fact.value, x, bottom, DISPLAY, fact.size, fact.color, left)
        x += max(name, value) + 22


def _draw_code(canvas: "Canvas", code: str, x: float, y: float) -> None:
    """The QR code as vectors: sharp at any size, and smaller than a picture."""
    rows = codes.qr_modules(code)
    module = QR / len(rows)
    canvas.setFillColor("#000000")
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                path.rect(x + across * module, y + QR - (down + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _write(
    canvas: "Canvas", words: str, x: float, y: float, font: str, size: float, color: str,
    room: float,
) -> float:  # fmt: skip
    """The words, smaller if there is no room for them; returns their width."""
    font = _font_for(words, font)
    width: float = canvas.stringWidth(words, font, size)
    if width > room:
        size *= room / width
    canvas.setFont(font, size)
    canvas.setFillColor(color)
    canvas.drawString(x, y, words)
    return min(width, room)


def _wrapped(canvas: "Canvas", words: str, font: str, size: int, room: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and canvas.stringWidth(longer, font, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font_for(words: str, font: str) -> str:
    """Our own faces are Latin; a word with another letter is set in one that has most of them."""
    from reportlab.pdfbase.pdfmetrics import getFont

    known = getFont(font).face.charToGlyph
    return font if all(ord(letter) in known for letter in words) else ANY


@cache
def _load_fonts() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (DISPLAY, STRONG, ANY):
        registerFont(TTFont(name, FONTS / f"{name}.ttf"))
