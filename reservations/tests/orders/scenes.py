"""Where verbs meet: what there is before them, and each verb that touches seats or money.

A scene is made anew for each order. Alice has a reservation of A1 and A2 in it, and Bob wants A1 or
A3. A verb takes the scene and gives a job, which a worker of the explorer does.
"""

import functools
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.actors import HOUSEKEEPING, Actor
from accounts.models import OutgoingMessage
from accounts.tests.cast import alice, bob
from moviereservation.db import audit_rules
from payments import webhooks
from payments.errors import PaymentRefused
from payments.models import Payment, Refund, WebhookEvent
from payments.tests.append_only import empty_ledger
from reservations import booking, checkout
from reservations.booking import extension
from reservations.booking.holder import Holder
from reservations.checkout.showtime_cancellation import cancel_showtime
from reservations.errors import BookingRefused, StateMoved
from reservations.models import Reservation, ReservedSeat, StateChange
from reservations.tests.factories import authorise, book_for, hold_as, hold_for, start_for
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_showtime
from tools.standin.signing import signature

Job = Callable[[], object]
ANSWERS = (BookingRefused, PaymentRefused, StateMoved)
LATER = timedelta(minutes=11)  # when a hold of now is over
SEATS = ("A1", "A2")


@dataclass
class Scene:
    """`clock` is what all of the verbs take for now."""

    stripe: Any
    begun: datetime = field(default_factory=timezone.now)
    clock: datetime = field(init=False)
    reservation: Reservation = field(init=False)
    message: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.showtime, self.alice, self.bob = make_showtime(now=self.begun), alice(), bob()
        self.clock = self.begun

    def begin(self, how: "Beginning") -> None:
        """Nothing is left of the order before, and Alice's reservation is as it should be."""
        self.clear()
        self.clock = self.begun
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
        found = [rule.name for rule, finding in audit_rules.findings(now=self.clock) if finding]
        return f"the audit finds {found}" if found else None


Beginning = Callable[[Scene], None]
Verb = Callable[[Scene], Job]


def held(scene: Scene) -> None:
    scene.reservation = hold_for(scene.alice, scene.showtime, *SEATS, now=scene.begun)


def authorised(scene: Scene) -> None:
    """The card is authorised, and nobody but Stripe knows."""
    scene.reservation = start_for(scene.alice, scene.showtime, *SEATS, now=scene.begun)
    authorise(scene.stripe, scene.reservation)
    scene.message = scene.stripe.events("payment_intent.amount_capturable_updated")[-1]


def over(scene: Scene) -> None:
    """Authorised, and then the time of the hold was over."""
    authorised(scene)
    scene.clock = scene.begun + LATER


def sold(scene: Scene) -> None:
    scene.reservation = book_for(scene.stripe, scene.alice, scene.showtime, *SEATS, now=scene.begun)
    scene.message = scene.stripe.events("payment_intent.succeeded")[-1]


def hold(scene: Scene) -> Job:
    """Bob wants one of Alice's seats."""
    holder = Holder(guest_id=scene.bob.pk)
    return functools.partial(hold_as, holder, scene.showtime.pk, ["A1"], now=scene.clock)


def replace(scene: Scene) -> Job:
    """Alice wants another seat instead of one of hers."""
    holder = Holder(guest_id=scene.alice.pk)
    return functools.partial(hold_as, holder, scene.showtime.pk, ["A2", "A3"], now=scene.clock)


def extend(scene: Scene) -> Job:
    return functools.partial(extension.extend, scene.fresh(), now=scene.clock)


def settle(scene: Scene) -> Job:
    by = Actor.guest(scene.alice.pk)
    return functools.partial(checkout.settle, scene.reservation.pk, now=scene.clock, by=by)


def webhook(scene: Scene) -> Job:
    """Stripe's own message, signed as it signs them."""
    body = json.dumps(scene.message)
    signed = signature(body, settings.STRIPE_WEBHOOK_SECRET, int(time.time()))
    return functools.partial(webhooks.receive, body.encode(), signed, now=scene.clock)


def cancel(scene: Scene) -> Job:
    by = Actor.guest(scene.alice.pk)
    return functools.partial(checkout.cancel, scene.fresh(), now=scene.clock, by=by)


def cancel_some(scene: Scene) -> Job:
    by = Actor.guest(scene.alice.pk)
    return functools.partial(checkout.cancel, scene.fresh(), ["A1"], now=scene.clock, by=by)


def lapse(scene: Scene) -> Job:
    return functools.partial(booking.lapse, scene.reservation.pk, now=scene.clock, by=HOUSEKEEPING)


def cancel_show(scene: Scene) -> Job:
    showtime = Showtime.objects.get(pk=scene.showtime.pk)
    by = Actor.staff(scene.bob.pk)
    return functools.partial(cancel_showtime, showtime, now=scene.clock, by=by)


VERBS: dict[str, Verb] = {
    "hold": hold, "replace": replace, "extend": extend, "settle": settle, "webhook": webhook,
    "cancel": cancel, "cancel some seats": cancel_some, "lapse": lapse,
    "cancel showtime": cancel_show,
}  # fmt: skip


def beginning_of(*names: str) -> Beginning:
    """The scene in which verbs of these names meet: each has something to do in some order."""
    if "cancel some seats" in names and not {"settle", "replace", "extend", "lapse"} & {*names}:
        return sold
    # Then Bob may have the seats, and money that comes late may have them again.
    return over if {"lapse", "hold"} & {*names} else authorised
