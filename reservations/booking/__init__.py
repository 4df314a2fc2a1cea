"""Who gets a seat: the locking law, and the only place that locks seats."""

from reservations.booking.holding import Held, hold
from reservations.booking.steps import confirm, lapse, pin, pin_in_time, release

__all__ = ["Held", "confirm", "hold", "lapse", "pin", "pin_in_time", "release"]
