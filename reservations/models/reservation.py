"""One guest, one showtime, some seats, and the state that they are in."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from payments.models import Payment, PaymentQuerySet
from reservations.errors import StateMoved
from reservations.models.history import StateChange
from reservations.models.identifiers import new_reference
from reservations.models.seats import ReservedSeat
from reservations.models.states import ENDED, STEPS, State
from showtimes.models import Showtime


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def holds(self, *, now: datetime) -> "ReservationQuerySet":
        """Held, and the time is not over."""
        return self.filter(state=State.HELD, held_until__gt=now)

    def overdue(self, *, now: datetime) -> "ReservationQuerySet":
        """Held by the record, free by the clock."""
        return self.filter(state=State.HELD, held_until__lte=now)

    def upcoming(self, *, now: datetime) -> "ReservationQuerySet":
        return self.filter(showtime__ends_at__gt=now)

    def with_money(self) -> "ReservationQuerySet":
        """With seats, payment and refunds, in three queries; what is shown is known already."""
        return self.select_related("payment").prefetch_related(
            models.Prefetch("seats", ReservedSeat.objects.select_related("seat").in_order()),
            "payment__refunds",
        )

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
    # Who chose seats before logging in: a random key of the browser's session, until merged.
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
    # The payment that its checkout online opened; `payments` are all.
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="reservations", verbose_name=_("payment")
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
            # Of what is held there is never much, of what was sold always the newest first.
            models.Index(fields=["state"]),
            models.Index(fields=["showtime", "state"]),
            models.Index(fields=["created_at"]),
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
    def payments(self) -> PaymentQuerySet:
        """All that were made for it, each with this reference."""
        return Payment.objects.filter(reference=self.reference)

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

    def know_seats(self, claims: "list[ReservedSeat]") -> None:
        """Keep claims that were read with the reservation, so that nobody reads them again."""
        known = self.seats.all()
        known._result_cache = claims
        known._prefetch_done = True  # type: ignore[attr-defined]
        self._prefetched_objects_cache = {"seats": known}

    def is_held(self, *, now: datetime) -> bool:
        return self.state == State.HELD and now < self.held_until

    def can_be_cancelled(self, *, now: datetime) -> bool:
        """Whether the guest can still cancel it: any time unpaid, until the cut-off once paid."""
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
