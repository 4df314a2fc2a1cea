"""Who holds seats: an account, or a browser whose guest has not logged in yet."""

from dataclasses import dataclass
from typing import Any

from reservations.models import Reservation, ReservationQuerySet


@dataclass(frozen=True)
class Holder:
    """Exactly one of the two is given. Every read of a guest's records starts here."""

    guest_id: int | None = None
    visitor: str | None = None

    @property
    def key(self) -> dict[str, Any]:
        """The columns of a reservation that say it is this holder's."""
        if self.guest_id is not None:
            return {"guest_id": self.guest_id}
        return {"visitor": self.visitor}

    @property
    def reservations(self) -> ReservationQuerySet:
        return Reservation.objects.filter(**self.key)

    def __str__(self) -> str:
        return f"guest {self.guest_id}" if self.guest_id is not None else "visitor"
