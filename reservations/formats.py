"""How seats, reservations and refunds are put into words for guests."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from payments.models import Refund, RefundStatus
from reservations.models import Reservation, State
from reservations.seating.seat_map import BLOCKED, FREE, HELD, SOLD, MapRow, MapSeat, SeatMap
from showtimes.formats import money
from showtimes.models import SeatKind

STATE_WORDS = {
    FREE: _("available"),
    HELD: _("held by somebody"),
    SOLD: _("sold"),
    BLOCKED: _("not for sale"),
}
RESERVATION_WORDS = {
    State.HELD: _("Not paid yet"),
    State.PINNED: _("We are checking your payment"),
    State.CONFIRMED: _("Booked and paid"),
    State.CANCELLED: _("Cancelled"),
    State.LAPSED: _("Not paid in time, nothing was charged"),
}
REFUND_WORDS = {
    RefundStatus.DUE: _("on its way to your bank."),
    RefundStatus.PENDING: _("your bank is working on it."),
    RefundStatus.REQUIRES_ACTION: _("your bank is working on it."),
    RefundStatus.SUCCEEDED: _("paid. It shows on your statement within 5 to 10 days."),
    RefundStatus.FAILED: _("your bank did not take it. We were told and will write to you."),
    RefundStatus.CANCELED: _("your bank did not take it. We were told and will write to you."),
}


@dataclass(frozen=True, slots=True)
class KindPrice:
    kind: str
    name: str
    amount: int


def checkboxes(row: MapRow) -> SafeString:
    """One labelled checkbox per seat, disabled where it cannot be had.

    Not a template: the engine took 12 ms more of CPU for 278 seats. Everything that is put in is
    a number, a seat label ([A-Z]+[0-9]+), one of our own constants, or escaped.
    """
    return mark_safe("".join(map(checkbox, row.seats)))


def checkbox(seat: MapSeat, *, is_chosen: bool = False) -> str:
    """A seat, and what a screen reader says of it: `Row F, seat 12, premium, $16.00, available`."""
    # The public map calls it held when it is held for this guest.
    state = FREE if is_chosen else seat.state
    box = " checked" if is_chosen else "" if state == FREE else " disabled"
    start, end = _name_around(seat.kind, seat.price, state, get_language() or "", settings.CURRENCY)
    name = start % {"row": seat.row, "number": seat.number}
    return (
        f'<label class="seat {seat.kind} {state} x-{seat.x}"><input type="checkbox" name="seats"'
        f' value="{seat.label}" data-price="{seat.price}"{box}><b aria-hidden="true">{seat.number}'
        f"</b><span>{name}, <i>{end}</i></span></label>"
    )


def kind_name(kind: str) -> str:
    return str(SeatKind(kind).label)


def price_list(seat_map: SeatMap) -> list[KindPrice]:
    """What each kind of seat costs that this auditorium has, in the order of the kinds."""
    prices = {seat.kind: seat.price for row in seat_map.rows for seat in row.seats}
    return [
        KindPrice(kind, kind_name(kind), prices[kind]) for kind in SeatKind.values if kind in prices
    ]


def follows_aisle(row: MapRow, seat_map: SeatMap) -> bool:
    """Whether a cross aisle lies between this row and the one before."""
    before = seat_map.rows.index(row) - 1
    return before >= 0 and row.seats[0].y - seat_map.rows[before].seats[0].y > 1


def state_in_words(reservation: Reservation) -> str:
    return str(RESERVATION_WORDS[State(reservation.state)])


def refund_in_words(refund: Refund) -> str:
    return str(REFUND_WORDS[RefundStatus(refund.status)])


@lru_cache(maxsize=512)
def _name_around(
    kind: str, price: int, state: str, language: str, currency: str
) -> tuple[str, str]:
    """What surrounds row and number, escaped: in a room of hundreds few are different."""
    cost = f", {money(price, currency)}" if state == FREE else ""
    start = str(escape(_("Row %(row)s, seat %(number)s")))
    return start, str(escape(f"{kind_name(kind)}{cost}, {STATE_WORDS[state]}"))
