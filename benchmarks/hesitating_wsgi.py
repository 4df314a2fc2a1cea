"""The product, with everybody hesitating between look and write, so that a missing guard shows."""

import time
from datetime import datetime

from moviereservation.wsgi import application
from reservations.booking import holding

HESITATION = 0.1  # seconds

__all__ = ["application"]

_hold_ends = holding.hold_ends


def _hesitate(now: datetime) -> datetime:
    time.sleep(HESITATION)
    return _hold_ends(now)


holding.hold_ends = _hesitate
