"""Who sits where. A `ReservedSeat` is the claim on a seat, and the database lets only one live."""

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from payments.models import Payment
from reservations.errors import StateMoved
from showtimes.models import Seat, Showtime

# Crockford's alphabet: nothing in it is mistaken for something else when read aloud. It has 32
# letters, so that a random byte falls on each equally often.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """50 random bits, short enough to be read out at the door."""
    return _drawn(10)


def new_ticket_id() -> str:
    """80 random bits."""
    return _drawn(16)


def _drawn(length: int) -> str:
    """So many letters, all at once: a hold draws for itself and for each of its seats."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length))


class State(models.TextChoices):
    HELD = "held", _("held")
    PINNED = "pinned", _("payment under way")
    CONFIRMED = "confirmed", _("confirmed")
    LAPSED = "lapsed", _("lapsed")
    CANCELLED = "cancelled", _("cancelled")


# Every step there is. `lapsed → pinned` is money that came a moment late for seats still free;
# `confirmed → confirmed` is a sale from which some of the seats were given back.
STEPS = {
    (State.HELD, State.PINNED),
    (State.HELD, State.LAPSED),
    (State.HELD, State.CANCELLED),
    (State.PINNED, State.CONFIRMED),
    (State.PINNED, State.CANCELLED),
    (State.CONFIRMED, State.CONFIRMED),
    (State.CONFIRMED, State.CANCELLED),
    (State.LAPSED, State.PINNED),
}
# In these a reservation's claims are live.
CLAIMING = (State.HELD, State.PINNED, State.CONFIRMED)
ENDED = (State.LAPSED, State.CANCELLED)


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def holds(self, *, now: datetime) -> "ReservationQuerySet":
        """Held, and the time is not over."""
        return self.filter(state=State.HELD, held_until__gt=now)

    def overdue(self, *, now: datetime) -> "ReservationQuerySet":
        """Held by the record, free by the clock."""
        return self.filter(state=State.HELD, held_until__lte=now)

    def upcoming(self, *, now: datetime) -> "ReservationQuerySet":
        return self.filter(showtime__ends_at__gt=now)

    def shown_to_guests(self) -> "ReservationQuerySet":
        """With everything that a list of bookings shows, in two queries."""
        return self.select_related(
            "showtime__movie", "showtime__auditorium", "payment"
        ).prefetch_related(
            models.Prefetch("seats", ReservedSeat.objects.select_related("seat").in_order()),
            "payment__refunds",
            "showtime__movie__genres",
        )

    def newest_first(self) -> "ReservationQuerySet":
        return self.order_by("-pk")


class Reservation(models.Model):
    """One guest, one showtime, some seats. It begins as a hold, which ends by itself."""

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="reservations",
        verbose_name=_("guest"),
    )
    # Who chose seats before logging in: a random key of the browser's session, until adopted.
    visitor = models.CharField(max_length=43, null=True, editable=False)  # noqa: DJ001 (NULLs repeat)
    showtime = models.ForeignKey(Showtime, models.PROTECT, related_name="reservations")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    # True while held and NULL after, so that the unique keys below let one hold live.
    holding = models.BooleanField(null=True, default=True, editable=False)
    held_until = models.DateTimeField(_("held until"))
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)
    # What its seats cost; of a sale, those that were not given back.
    amount = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # In which the guest reads; empty for the cinema's own.
    language = models.CharField(max_length=12, blank=True, default="", db_default="")
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, related_name="reservation", verbose_name=_("payment")
    )
    # Fixed when the seats are taken: a policy that changes later does not change this sale.
    cancellable_until = models.DateTimeField(_("can be cancelled until"))
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    # When the API first answered with the confirmed reservation: 201 then, 200 ever after, also
    # when a webhook had confirmed it before the client could ask.
    acknowledged_at = models.DateTimeField(null=True, editable=False)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guest", "showtime", "holding"], name="one_hold_a_guest_and_showtime"
            ),
            models.UniqueConstraint(
                fields=["visitor", "showtime", "holding"], name="one_hold_a_visitor_and_showtime"
            ),
            models.CheckConstraint(
                # "IS NOT NULL" because a check that comes out as NULL counts as passed.
                condition=Q(state="held", holding=True, holding__isnull=False)
                | (~Q(state="held") & Q(holding__isnull=True)),
                name="holding_while_held",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "held_until"]),
            models.Index(fields=["showtime", "state"]),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("booking", args=[self.reference])

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def kept_seats(self) -> "list[ReservedSeat]":
        """All but those that were given back."""
        return [claim for claim in self.seats.all() if claim.returned_at is None]

    @property
    def returned_seats(self) -> "list[ReservedSeat]":
        return [claim for claim in self.seats.all() if claim.returned_at is not None]

    @property
    def labels(self) -> list[str]:
        return [claim.label for claim in self.kept_seats]

    def is_held(self, *, now: datetime) -> bool:
        return self.state == State.HELD and now < self.held_until

    def can_be_cancelled(self, *, now: datetime) -> bool:
        """Whether the guest can still call it off: any time unpaid, until the cut-off once paid."""
        if self.state == State.CONFIRMED:
            return now < self.cancellable_until
        return self.state in (State.HELD, State.PINNED)

    def acknowledge(self, *, now: datetime) -> bool:
        """True for the first who is told that this is confirmed."""
        first = Reservation.objects.filter(pk=self.pk, acknowledged_at=None)
        return bool(first.update(acknowledged_at=now))

    def move(self, to: State, *, at: datetime, by: Actor, **changes: Any) -> None:
        """One step of the state machine, as a compare-and-set, with its line in the history.

        Raises StateMoved when the record is not in the state that this object was read in, so
        that a worker that wakes up late changes nothing.
        """
        was = State(self.state)
        if (was, to) not in STEPS:
            raise StateMoved(f"{self.reference}: no step leads from {was} to {to}")
        changes |= {"state": to, "holding": None, "ended_at": at if to in ENDED else None}
        if not Reservation.objects.filter(pk=self.pk, state=was).update(**changes):
            raise StateMoved(f"{self.reference} is not {was} any more")
        StateChange.objects.create(
            reservation_id=self.pk, from_state=was, to_state=to, at=at, by=str(by)[:100]
        )
        for name, value in changes.items():
            setattr(self, name, value)


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

    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="seats")
    showtime = models.ForeignKey(Showtime, models.PROTECT, related_name="claims")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="claims")
    price = models.PositiveIntegerField(_("price"))
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
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.seat.label


class StateChange(models.Model):
    """One line of a reservation's history. Lines are added, never changed."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="history")
    from_state = models.CharField(max_length=10, choices=State.choices)
    to_state = models.CharField(max_length=10, choices=State.choices)
    at = models.DateTimeField(
        _("when"),
    )
    by = models.CharField(_("by"), max_length=100)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("change")
        verbose_name_plural = _("history")

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
