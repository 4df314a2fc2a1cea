"""What a hold finds before it: a showtime that offers its seats, and the claims on them."""

from dataclasses import dataclass
from datetime import datetime

from reservations.models import State
from showtimes.models import ShowtimeState


@dataclass(frozen=True, slots=True)
class Claim:
    """A live claim, and what became of the reservation that has it."""

    seat_id: int
    reservation_id: int
    state: str
    held_until: datetime
    owner: int | str | None  # the account, or else the visitor

    def is_over(self, *, now: datetime) -> bool:
        """A hold whose time is over: it may lapse."""
        return self.state == State.HELD and self.held_until <= now


@dataclass(frozen=True, slots=True)
class Offer:
    """A showtime as a hold needs it, the holder's own hold for it, if there is one, and how many
    seats of it the holder has paid for or is paying for (`standing`).

    `seen` are the live claims on the seats that were asked for (`asked_for`).
    """

    showtime_id: int
    auditorium_id: int
    plan_version: int
    state: str
    starts_at: datetime
    prices: dict[str, int]
    own_id: int | None
    standing: int
    asked_for: frozenset[int]
    seen: tuple[Claim, ...]

    def sells(self, *, now: datetime) -> bool:
        return self.state == ShowtimeState.ON_SALE and now < self.starts_at
