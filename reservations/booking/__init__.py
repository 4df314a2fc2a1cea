from reservations.booking.holding import (
    confirm,
    give_up,
    hold,
    lapse,
    let_go,
    locked,
    pin,
)

__all__ = [
    "confirm",
    "give_up",
    "hold",
    "lapse",
    "let_go",
    "locked",
    "pin",
]
