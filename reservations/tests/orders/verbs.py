"""The verbs that touch seats or money, and where each two of them really meet.

A verb takes the scene and gives a job, which a worker of the explorer does. A new verb joins VERBS,
and with that meets all the others and itself; its scenes are in `scenes_of`, and what it promises
to whoever it answers is in `promises`.
"""

import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from accounts.actors import HOUSEKEEPING, Actor
from payments import webhooks
from reservations import booking, checkout
from reservations.booking import extension
from reservations.booking.holder import Holder
from reservations.checkout.showtime_cancellation import cancel_showtime
from reservations.tests.factories import hold_as
from reservations.tests.orders.scenes import (
    Beginning,
    Scene,
    authorised,
    in_time,
    lapsed,
    over,
    sold,
)
from reservations.tests.orders.worker import Job
from showtimes.models import Showtime
from tools.standin.signing import signature

Verb = Callable[[Scene], Job]


def hold(scene: Scene) -> Job:
    """Bob wants one of Alice's seats."""
    holder = Holder(guest_id=scene.bob.pk)
    return functools.partial(hold_as, holder, scene.showtime.pk, ["A1"], now=scene.clock)


def rival_hold(scene: Scene) -> Job:
    """Carol wants it, too, and another one."""
    holder = Holder(guest_id=scene.carol.pk)
    return functools.partial(hold_as, holder, scene.showtime.pk, ["A3", "A1"], now=scene.clock)


def replace(scene: Scene) -> Job:
    """Alice wants another seat instead of one of hers."""
    holder = Holder(guest_id=scene.alice.pk)
    wish = ["A2", "A3"]
    return functools.partial(hold_as, holder, scene.showtime.pk, wish, now=scene.alices_clock)


def extend(scene: Scene) -> Job:
    return functools.partial(extension.extend, scene.fresh(), now=scene.alices_clock)


def settle(scene: Scene) -> Job:
    by, key = Actor.guest(scene.alice.pk), scene.reservation.pk
    return functools.partial(checkout.settle, key, now=scene.alices_clock, by=by)


def webhook(scene: Scene) -> Job:
    """Stripe's own message, signed as it signs them."""
    body = json.dumps(scene.message)
    signed = signature(body, settings.STRIPE_WEBHOOK_SECRET, int(time.time()))
    return functools.partial(webhooks.receive, body.encode(), signed, now=scene.alices_clock)


def cancel(scene: Scene) -> Job:
    by = Actor.guest(scene.alice.pk)
    return functools.partial(checkout.cancel, scene.fresh(), now=scene.alices_clock, by=by)


def cancel_some(scene: Scene) -> Job:
    by, now = Actor.guest(scene.alice.pk), scene.alices_clock
    return functools.partial(checkout.cancel, scene.fresh(), ["A1"], now=now, by=by)


def lapse(scene: Scene) -> Job:
    return functools.partial(booking.lapse, scene.reservation.pk, now=scene.clock, by=HOUSEKEEPING)


def cancel_show(scene: Scene) -> Job:
    showtime = Showtime.objects.get(pk=scene.showtime.pk)
    by = Actor.staff(scene.bob.pk)
    return functools.partial(cancel_showtime, showtime, now=scene.clock, by=by)


VERBS: dict[str, Verb] = {
    "hold": hold,
    "replace": replace,
    "extend": extend,
    "settle": settle,
    "webhook": webhook,
    "cancel": cancel,
    "cancel some seats": cancel_some,
    "lapse": lapse,
    "cancel showtime": cancel_show,
    "hold of a rival": rival_hold,
}
OF_A_HOLD = {"replace", "extend", "settle", "webhook", "cancel"}


@dataclass(frozen=True)
class Meeting:
    """Verbs that begin at the same moment, and what there is then."""

    names: tuple[str, ...]
    beginning: Beginning

    def __str__(self) -> str:
        return f"{' × '.join(self.names)}, {self.beginning.__name__.replace('_', ' ')}"

    def jobs(self, scene: Scene) -> list[Job]:
        scene.begin(self.beginning)
        return [VERBS[name](scene) for name in self.names]


def scenes_of(names: tuple[str, ...]) -> Iterator[Beginning]:
    """The scenes in which verbs of these names meet: each has something to do in some order."""
    met = {*names}
    if "cancel some seats" in met and not met & {"settle", "replace", "extend", "lapse"}:
        yield sold
    elif met & {"hold", "lapse"}:
        # Then Bob may have the seats, and money that comes late may have them again.
        if "extend" not in met:
            yield over
        if met & OF_A_HOLD:
            yield in_time
        if "hold" in met and met & {"settle", "webhook"}:
            yield lapsed
    else:
        yield authorised
        if met <= {"cancel", "cancel showtime", "webhook"}:
            yield sold


def _pairs() -> Iterator[tuple[str, ...]]:
    # The rival is there for another hold; to the others it is what Bob's hold is.
    yield from itertools.combinations_with_replacement(list(VERBS)[:-1], 2)
    yield "hold", "hold of a rival"


PAIRS = [Meeting(names, scene) for names in _pairs() for scene in scenes_of(names)]
TRIPLES = [
    Meeting(("hold", "lapse", "settle"), over),
    Meeting(("hold", "lapse", "settle"), in_time),
    Meeting(("cancel", "webhook", "settle"), authorised),
]
