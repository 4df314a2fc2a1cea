"""The page on which seats are chosen: what one guest is to see on it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from moviereservation.web.refusals import Refusal
from reservations import booking
from reservations.booking import Held
from reservations.booking.holder import Holder
from reservations.errors import Alternative, SalesClosed, SeatingRefused
from reservations.models import Reservation
from reservations.seating import choice, orphan_rule
from reservations.seating.occupancy import Occupancy, occupancy_of
from reservations.seating.wishes import BestTogether, Labels, Wish

DEFAULT_PARTY = 2
NO_SEATS = Labels(())


@dataclass(frozen=True, slots=True)
class SeatPage:
    """`chosen` are the labels to be ticked; `own` is what this guest holds of the showtime."""

    occupancy: Occupancy
    own: Reservation | None
    chosen: tuple[str, ...]
    refusal: Refusal | None
    party: int

    @property
    def is_open(self) -> bool:
        return not isinstance(self.refusal, SalesClosed)

    @property
    def is_a_request(self) -> bool:
        """Refused for the sake of others: nothing went wrong."""
        return isinstance(self.refusal, SeatingRefused)

    @property
    def alternatives(self) -> list[Alternative]:
        """After a refusal, what can be had with one click."""
        if isinstance(self.refusal, SeatingRefused):
            return self.refusal.alternatives
        groups = self.refusal.extra.get("alternatives", []) if self.refusal else []
        return [Alternative(labels, _("Take")) for labels in groups]


def seat_page(
    showtime_id: int,
    holder: Holder | None,
    *,
    wish: Wish = NO_SEATS,
    refusal: Refusal | None = None,
    now: datetime,
) -> SeatPage:
    """The page, with what was wished still ticked where it can be had. Raises UnknownShowtime."""
    occupancy = occupancy_of(showtime_id, now=now)
    if refusal is None and not occupancy.sells(now=now):
        refusal = SalesClosed()
    own = _own_hold(holder, showtime_id, now=now)
    return SeatPage(
        occupancy=occupancy,
        own=own,
        chosen=_ticked(occupancy, own, wish),
        refusal=refusal,
        party=_party(wish),
    )


def hold_from_page(holder: Holder, showtime_id: int, wish: Wish, *, now: datetime) -> Held:
    """`booking.hold` for people: they are asked first to mind others.

    That is looked at outside of the hold and from what is cached, so it costs the hold nothing.
    """
    if isinstance(wish, Labels) and wish.labels:
        occupancy = occupancy_of(showtime_id, now=now)
        if occupancy.sells(now=now):
            own = _own_hold(holder, showtime_id, now=now)
            seats = choice.named(occupancy.plan, wish.labels)
            orphan_rule.check(occupancy.plan, _gone_for(occupancy, own), seats)
    return booking.hold(holder, showtime_id, wish, now=now)


def _own_hold(holder: Holder | None, showtime_id: int, *, now: datetime) -> Reservation | None:
    if holder is None:
        return None
    holds = holder.reservations.holds(now=now).shown_to_guests()
    return holds.filter(showtime_id=showtime_id).first()


def _gone_for(occupancy: Occupancy, own: Reservation | None) -> set[int]:
    """Taken by somebody else than this guest."""
    mine = {claim.seat_id for claim in own.seats.all()} if own else set()
    return occupancy.taken.keys() - mine


def _ticked(occupancy: Occupancy, own: Reservation | None, wish: Wish) -> tuple[str, ...]:
    """What was wished and is free, or, before any wish, what is held already."""
    held = set(own.labels) if own else set()
    if not isinstance(wish, Labels) or not wish.labels:
        return tuple(sorted(held))
    seats = occupancy.plan.by_label
    labels = {label.strip().upper() for label in wish.labels} & seats.keys()
    return tuple(
        sorted(
            label
            for label in labels
            if label in held
            or not (seats[label].pk in occupancy.taken or seats[label].out_of_order)
        )
    )


def _party(wish: Wish) -> int:
    party = wish.size if isinstance(wish, BestTogether) else len(wish.labels)
    return party if 0 < party <= settings.SEATS_PER_RESERVATION else DEFAULT_PARTY
