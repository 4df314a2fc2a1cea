"""Where verbs meet: what there is before them.

A scene is made anew for each order. Alice has a reservation of A1 and A2 in it; Bob and Carol want
A1.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import HOUSEKEEPING
from accounts.models import OutgoingMessage
from accounts.tests.cast import alice, bob, make_person
from moviereservation.db import audit_rules
from moviereservation.db.batches import Statement, send
from payments.errors import PaymentRefused
from payments.models import Payment, Refund, WebhookEvent
from payments.tests.append_only import empty_ledger
from reservations import booking
from reservations.errors import BookingRefused, StateMoved
from reservations.models import Reservation, ReservedSeat, StateChange
from reservations.tests.factories import authorise, book_for, start_for
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_showtime

ANSWERS = (BookingRefused, PaymentRefused, StateMoved)
LATER = timedelta(minutes=11)  # when a hold of now is over
SEATS = ("A1", "A2")


@dataclass
class Scene:
    """`clock` is what the verbs take for now; `alices_clock` those of Alice's own reservation."""

    stripe: Any
    begun: datetime = field(default_factory=timezone.now)
    clock: datetime = field(init=False)
    alices_clock: datetime = field(init=False)
    reservation: Reservation = field(init=False)
    message: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.showtime, self.alice, self.bob = make_showtime(now=self.begun), alice(), bob()
        self.carol = make_person("Carol")
        self.clock = self.alices_clock = self.begun
        self._audits: dict[datetime, list[Statement]] = {}

    def begin(self, how: "Beginning") -> None:
        """Nothing is left of the order before, and Alice's reservation is as it should be."""
        self.clear()
        self.clock = self.alices_clock = self.begun
        how(self)

    def clear(self) -> None:
        self.stripe.reset()
        Reservation.objects.update(payment=None)
        empty_ledger()
        for model in (ReservedSeat, StateChange, Reservation, Refund, Payment, WebhookEvent):
            model.objects.all().delete()
        OutgoingMessage.objects.all().delete()
        Showtime.objects.update(state=ShowtimeState.ON_SALE)
        cache.clear()

    def fresh(self) -> Reservation:
        return Reservation.objects.select_related("payment").get(pk=self.reservation.pk)

    def broken(self, answers: list[object]) -> str | None:
        """What any order must leave right."""
        odd = [
            one for one in answers if isinstance(one, Exception) and not isinstance(one, ANSWERS)
        ]
        if odd:
            return f"odd answer {odd!r}"
        live = Counter(ReservedSeat.objects.live().values_list("seat_id", flat=True))
        if max(live.values(), default=0) > 1:
            return "a seat is sold twice"
        if not self._audit_finds_anything():
            return None
        found = [rule.name for rule, finding in audit_rules.findings(now=self.clock) if finding]
        return f"the audit finds {found}" if found else None

    def _audit_finds_anything(self) -> bool:
        """Whether a rule does, in one trip: to build the queries takes longer than all the rest."""
        if self.clock not in self._audits:
            broken = [rule.broken_by(self.clock) for rule in audit_rules.invariants()]
            if any(isinstance(one, list) and one for one in broken):
                return True
            queries = [one[:1].query for one in broken if isinstance(one, QuerySet)]
            self._audits[self.clock] = [Statement(*one.sql_with_params()) for one in queries]
        return any(answer.rows for answer in send(*self._audits[self.clock]))


Beginning = Callable[[Scene], None]


def free(scene: Scene) -> None:
    """Alice has nothing. (She had: so the process knows the plan, and takes the same steps.)"""
    authorised(scene)
    scene.clear()


def authorised(scene: Scene) -> None:
    """The card is authorised, and nobody but Stripe knows."""
    scene.reservation = start_for(scene.alice, scene.showtime, *SEATS, now=scene.begun)
    authorise(scene.stripe, scene.reservation)
    scene.message = scene.stripe.events("payment_intent.amount_capturable_updated")[-1]


def over(scene: Scene) -> None:
    """Authorised, and then the time of the hold was over."""
    authorised(scene)
    scene.clock = scene.alices_clock = scene.begun + LATER


def in_time(scene: Scene) -> None:
    """Alice came in the last second of her hold and was slow; for the others it is over."""
    over(scene)
    scene.alices_clock = scene.reservation.held_until - timedelta(seconds=1)


def lapsed(scene: Scene) -> None:
    """Authorised, and housekeeping was faster than whoever is to settle it."""
    over(scene)
    booking.lapse(scene.reservation.pk, now=scene.clock, by=HOUSEKEEPING)


def sold(scene: Scene) -> None:
    scene.reservation = book_for(scene.stripe, scene.alice, scene.showtime, *SEATS, now=scene.begun)
    scene.message = scene.stripe.events("payment_intent.succeeded")[-1]
