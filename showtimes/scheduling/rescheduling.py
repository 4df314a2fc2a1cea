"""What may still change once a showtime stands: where, when, what, and whether it is sold."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from movies import cached_reads
from showtimes.errors import ShowtimeCancelled
from showtimes.models import Showtime, ShowtimeState
from showtimes.scheduling.planning import (
    as_it_stands,
    free_again_at,
    refuse_overlap,
    validate_start,
)

# Who changes one of these asks for the auditorium anew.
PLACING = ("movie", "auditorium", "starts_at")


@transaction.atomic
def change(showtime: Showtime, changed: Collection[str], *, now: datetime) -> Showtime:
    """Write the `changed` fields; what somebody else changed meanwhile stays theirs.

    Raises AuditoriumBusy, PastTime, TooFarAhead, and ShowtimeCancelled: that is final.
    """
    written = set(changed)
    # Movie before showtime before auditorium: in this order a new runtime takes them, too.
    if written.intersection(PLACING):
        as_it_stands(showtime.movie)
    stored = Showtime.objects.select_for_update().get(pk=showtime.pk)
    if stored.state == ShowtimeState.CANCELLED:
        raise ShowtimeCancelled
    for field in PLACING:
        if field not in changed:
            setattr(showtime, field, getattr(stored, field))
    if "starts_at" in changed or ("state" in changed and showtime.state == ShowtimeState.ON_SALE):
        validate_start(showtime.starts_at, now=now, field="starts_at")
    if written.intersection(PLACING):
        showtime.ends_at = free_again_at(as_it_stands(showtime.movie), showtime.starts_at)
        refuse_overlap(showtime)
        written.add("ends_at")
    showtime.save(update_fields=written)
    return showtime


def put_on_sale(showtimes: Iterable[Showtime], *, now: datetime) -> int:
    """Sell these drafts from now on; what is none, or has begun, stays as it is. Counts them."""
    drafts = Showtime.objects.filter(
        pk__in=[showtime.pk for showtime in showtimes],
        state=ShowtimeState.DRAFT,
        starts_at__gt=now,
    )
    with transaction.atomic():
        put = drafts.update(state=ShowtimeState.ON_SALE)
        cached_reads.invalidate()
    return put


def cancel(showtime: Showtime) -> bool:
    """No seat of it is sold any more. False if it was cancelled already."""
    with transaction.atomic():
        standing = Showtime.objects.filter(pk=showtime.pk).exclude(state=ShowtimeState.CANCELLED)
        has_changed = bool(standing.update(state=ShowtimeState.CANCELLED))
        cached_reads.invalidate()
    showtime.state = ShowtimeState.CANCELLED
    return has_changed
