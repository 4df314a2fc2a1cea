"""Seats that are broken: they stay in the plan and are not sold."""

from collections.abc import Collection

from django.db import transaction

from showtimes.models import Auditorium
from showtimes.seat_plan.layout import recount


@transaction.atomic
def set_out_of_order(auditorium: Auditorium, labels: Collection[str]) -> Auditorium:
    """Of this auditorium's seats exactly these are out of order; what was booked stays booked."""
    broken = [seat.pk for seat in auditorium.seats.order_by("pk") if seat.label in labels]
    auditorium.seats.filter(out_of_order=True).exclude(pk__in=broken).update(out_of_order=False)
    auditorium.seats.filter(pk__in=broken).update(out_of_order=True)
    return recount(auditorium)
