"""More time, for whoever asks; who has said in their account that they need it has it at once.

It is made of the same extensions that everybody may ask for (WCAG 2.2.1), so that it is bounded
by the same number of them.
"""

from datetime import datetime, timedelta

from django.conf import settings

from moviereservation.db.transactions import rerun
from reservations.booking.locking import lock_seats, seat_ids_of
from reservations.errors import HoldOver, NoMoreTime
from reservations.models import Reservation

EXTENSIONS = 2  # so the hold lasts three times as long


def extend_for_needs(reservation: Reservation, *, now: datetime) -> None:
    """Of a hold that has only the time it began with; any other stays as it is."""
    began_with = timedelta(minutes=settings.HOLD_MINUTES)
    extensions = reservation.extensions + EXTENSIONS
    if (
        not reservation.is_held(now=now)
        or reservation.held_until > reservation.created_at + began_with
        or extensions > settings.HOLD_EXTENSIONS
    ):
        return
    _lengthen(
        reservation,
        to=extensions,
        until=reservation.created_at + began_with * (1 + EXTENSIONS),
        now=now,
    )


def extend(reservation: Reservation, *, now: datetime) -> Reservation:
    """Let the hold begin anew, as often as WCAG asks for. Raises HoldOver, NoMoreTime."""
    if not reservation.is_held(now=now):
        raise HoldOver
    if reservation.extensions >= settings.HOLD_EXTENSIONS:
        raise NoMoreTime
    until = now + timedelta(minutes=settings.HOLD_MINUTES)
    _lengthen(reservation, to=reservation.extensions + 1, until=until, now=now)
    return reservation


@rerun
def _lengthen(reservation: Reservation, *, to: int, until: datetime, now: datetime) -> None:
    """A second tab or click in the same moment finds another count, and lengthens nothing.

    The seats are locked before: whoever wants them may have seen just now that its time was over.
    """
    lock_seats(seat_ids_of([reservation.pk]))
    Reservation.objects.holds(now=now).filter(
        pk=reservation.pk, extensions=reservation.extensions
    ).update(extensions=to, held_until=until)
    reservation.refresh_from_db(fields=["state", "extensions", "held_until"])
