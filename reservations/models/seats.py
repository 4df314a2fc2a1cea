"""The claim on a seat, of which the database lets only one live."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reservations.models.identifiers import new_ticket_id
from reservations.models.states import State
from showtimes.models import Seat, Showtime, TicketType


class ReservedSeatQuerySet(models.QuerySet["ReservedSeat"]):
    def live(self) -> "ReservedSeatQuerySet":
        """Claims that keep others from the seat; some may belong to holds whose time is over."""
        return self.filter(live=True)

    def tickets(self) -> "ReservedSeatQuerySet":
        """What lets somebody in: seats of confirmed reservations that were not given back."""
        return self.live().filter(reservation__state=State.CONFIRMED)

    def effective(self, *, now: datetime) -> "ReservedSeatQuerySet":
        """Live claims whose hold, if it still is one, has time left."""
        return self.live().exclude(reservation__state=State.HELD, reservation__held_until__lte=now)

    def in_order(self) -> "ReservedSeatQuerySet":
        return self.order_by("seat__y", "seat__x")


class ReservedSeat(models.Model):
    """The claim of one reservation on one seat of one showtime; once confirmed, a ticket.

    `live` is True or NULL, never False: MySQL and MariaDB have no partial unique index, and a
    unique key lets NULLs repeat. A released claim is set to NULL and so stays as history.
    """

    reservation = models.ForeignKey(
        "reservations.Reservation", models.PROTECT, related_name="seats"
    )
    showtime = models.ForeignKey(Showtime, models.PROTECT, related_name="claims")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="claims")
    ticket_type: "models.ForeignKey[TicketType | int, TicketType]" = models.ForeignKey(
        TicketType,
        models.PROTECT,
        default=TicketType.FIRST,
        db_default=TicketType.FIRST,
        related_name="claims",
        verbose_name=_("ticket type"),
    )
    price = models.PositiveIntegerField(_("price"))
    # Fixed when the seat is taken, like its price, which includes it. Basis points: 1900 is 19 %.
    tax_rate = models.PositiveSmallIntegerField(_("tax rate"), default=0, db_default=0)
    tax = models.PositiveIntegerField(_("tax"), default=0, db_default=0)
    live = models.BooleanField(null=True, default=True)
    ticket_id = models.CharField(max_length=16, unique=True, default=new_ticket_id)
    admitted_at = models.DateTimeField(_("admitted"), null=True)
    # Given back out of a sale that goes on with its other seats; then it is not live.
    returned_at = models.DateTimeField(_("given back"), null=True)

    objects = ReservedSeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("reserved seat")
        verbose_name_plural = _("reserved seats")
        constraints: ClassVar = [
            # The last guard, and on a cluster with several writers the only one.
            models.UniqueConstraint(
                fields=["showtime", "seat", "live"], name="a_seat_is_sold_once"
            ),
            models.CheckConstraint(
                condition=Q(live=True) | Q(live__isnull=True), name="live_or_null"
            ),
            models.CheckConstraint(condition=Q(tax__lte=F("price")), name="tax_within_the_price"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.seat.label
