from reservations.booking.holding import (
    confirm,
    end,
    hold,
    lapse,
    locked,
    pin,
    release,
)

__all__ = [
    "confirm",
    "end",
    "hold",
    "lapse",
    "locked",
    "pin",
    "release",
]
