"""Pairs of verbs in every order within a bound; after each order the audit finds nothing.

Controls take guards away, name them, and must find an order that breaks something.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.actors import HOUSEKEEPING, Actor
from accounts.tests.cast import alice, bob
from moviereservation.db import audit_rules
from payments.errors import PaymentRefused
from payments.models import Payment, Refund
from payments.tests.append_only import empty_ledger
from reservations import booking, checkout
from reservations.booking import extension
from reservations.booking.holder import Holder
from reservations.errors import BookingRefused, SeatsLost, SeatsTaken, StateMoved
from reservations.models import Reservation, ReservedSeat, State, StateChange
from reservations.tests.booking.test_no_two_people import without_key, without_lock  # noqa: F401
from reservations.tests.crowd import on_sqlite
from reservations.tests.factories import authorise, hold_as, hold_for, start_for
from reservations.tests.orders.explorer import Explorer, exploring
from showtimes.tests.factories import make_showtime

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
ANSWERS = (BookingRefused, PaymentRefused, StateMoved)
LATER = timedelta(minutes=11)
PATIENCE = 600.0
# One preemption in every run of the suite, two in the long one (-m long).
BOUNDS = [1, pytest.param(2, marks=pytest.mark.long)]


@pytest.fixture
def explorer() -> Iterator[Explorer]:
    with exploring() as two:
        yield two


class Stage:
    """One showtime, two guests, and a clean table for each order."""

    def __init__(self, stripe: Any = None) -> None:
        self.now, self.stripe = timezone.now(), stripe
        self.showtime, self.alice, self.bob = make_showtime(now=self.now), alice(), bob()

    def clear(self) -> None:
        Reservation.objects.update(payment=None)
        empty_ledger()
        for model in (ReservedSeat, StateChange, Reservation, Refund, Payment):
            model.objects.all().delete()
        cache.clear()

    def hold(self, guest: Any, *labels: str, later: timedelta = timedelta()) -> Any:
        holder = Holder(guest_id=guest.pk)
        return functools.partial(hold_as, holder, self.showtime.pk, labels, now=self.now + later)

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
        found = [rule.name for rule, finding in audit_rules.findings(now=self.now) if finding]
        return f"the audit finds {found}" if found else None


def explored(explorer: Explorer, prepare: Any, check: Any, bound: int | None) -> None:
    outcome = explorer.explore(prepare, check, most_preemptions=bound, seconds=PATIENCE)
    assert not outcome.wrong, outcome.told()
    assert outcome.left == 0
    assert outcome.orders > 10
    print(f"{outcome.orders} orders, {outcome.longest} steps, {outcome.seconds:.0f} s")


@pytest.mark.parametrize(
    "labels", [(("A1", "A2"), ("A1", "A2")), (("A1", "A2"), ("A2", "A3"))], ids=["same", "overlap"]
)
def test_hold_and_hold(explorer: Explorer, labels: Any) -> None:
    stage = Stage()

    def prepare() -> list[Any]:
        stage.clear()
        return [stage.hold(stage.alice, *labels[0]), stage.hold(stage.bob, *labels[1])]

    def check(answers: list[object]) -> str | None:
        if not any(isinstance(one, Reservation) for one in answers):
            return "nobody got the seats"
        if not any(isinstance(one, SeatsTaken) for one in answers):
            return "nobody was refused"
        return stage.broken(answers)

    explored(explorer, prepare, check, bound=None)


def test_lapse_and_hold(explorer: Explorer) -> None:
    stage = Stage()

    def prepare() -> list[Any]:
        stage.clear()
        over = hold_for(stage.alice, stage.showtime, "A1", now=stage.now)
        now = stage.now + LATER
        return [
            functools.partial(booking.lapse, over.pk, now=now, by=HOUSEKEEPING),
            stage.hold(stage.bob, "A1", later=LATER),
        ]

    def check(answers: list[object]) -> str | None:
        if not isinstance(answers[1], Reservation):
            return f"a free seat was refused: {answers[1]!r}"
        return stage.broken(answers)

    explored(explorer, prepare, check, bound=2)


def test_late_pin_and_hold(explorer: Explorer) -> None:
    """Money that comes a moment late, and a rival: one of them gets the seat."""
    stage = Stage()

    def check(answers: list[object]) -> str | None:
        pinned, held = answers
        got = [isinstance(one, Reservation) for one in (pinned, held)]
        if sum(got) != 1:
            return f"{sum(got)} of the two got the seat"
        refused = held if got[0] else pinned
        if not isinstance(refused, SeatsTaken | SeatsLost):
            return f"odd refusal {refused!r}"
        return stage.broken(answers)

    explored(explorer, functools.partial(late_pin_and_hold, stage), check, bound=2)


def test_more_time_in_the_last_second_and_hold(explorer: Explorer) -> None:
    """Who is told that the seats are theirs for longer keeps them."""
    stage = Stage()
    second = timedelta(seconds=1)

    def prepare() -> list[Any]:
        stage.clear()
        held = hold_for(stage.alice, stage.showtime, "A1", now=stage.now)
        before, after = held.held_until - second, held.held_until + second
        holder = Holder(guest_id=stage.bob.pk)
        return [
            functools.partial(extension.extend, held, now=before),
            functools.partial(hold_as, holder, stage.showtime.pk, ["A1"], now=after),
        ]

    def check(answers: list[object]) -> str | None:
        lengthened, held = answers
        if isinstance(lengthened, Reservation) and lengthened.is_held(now=stage.now + LATER):
            if isinstance(held, Reservation):
                return "the seats went to somebody else although there was more time"
        elif not isinstance(held, Reservation):
            return f"nobody has the seats: {answers!r}"
        return stage.broken(answers)

    explored(explorer, prepare, check, bound=2)


def late_pin_and_hold(stage: Stage) -> list[Any]:
    stage.clear()
    late = hold_for(stage.alice, stage.showtime, "A1", now=stage.now)
    now = stage.now + LATER
    booking.lapse(late.pk, now=now, by=HOUSEKEEPING)
    pin = functools.partial(booking.pin, late.pk, now=now, by=HOUSEKEEPING)
    return [pin, stage.hold(stage.bob, "A1", later=LATER)]


@pytest.mark.parametrize("bound", BOUNDS)
def test_settle_and_settle(explorer: Explorer, stripe_standin: Any, bound: int) -> None:
    """Page and webhook at once: one capture, one sale, one promise of tickets."""
    stage = Stage(stripe_standin)
    sold: list[Reservation] = []

    def prepare() -> list[Any]:
        stage.clear()
        sold[:] = [authorised(stage)]
        settle = functools.partial(checkout.settle, sold[0].pk, now=stage.now)
        return [
            functools.partial(settle, by=Actor.guest(stage.alice.pk)),
            functools.partial(settle, by=Actor.webhook("evt_1")),
        ]

    def check(answers: list[object]) -> str | None:
        if Reservation.objects.get(pk=sold[0].pk).state != State.CONFIRMED:
            return f"not a sale: {answers!r}"
        return stage.broken(answers)

    explored(explorer, prepare, check, bound=bound)


@pytest.mark.parametrize("bound", BOUNDS)
def test_cancel_and_settle(explorer: Explorer, stripe_standin: Any, bound: int) -> None:
    """A guest gives the seats back while the bank pays: sold, or no money kept."""
    stage = Stage(stripe_standin)
    paid: list[Reservation] = []

    def prepare() -> list[Any]:
        stage.clear()
        paid[:] = [authorised(stage)]
        fresh = Reservation.objects.select_related("payment").get(pk=paid[0].pk)
        by = Actor.guest(stage.alice.pk)
        return [
            functools.partial(checkout.settle, fresh.pk, now=stage.now, by=Actor.webhook("evt_1")),
            functools.partial(checkout.cancel, fresh, now=stage.now, by=by),
        ]

    explored(explorer, prepare, stage.broken, bound=bound)


def authorised(stage: Stage) -> Reservation:
    reservation = start_for(stage.alice, stage.showtime, "A1", now=stage.now)
    authorise(stage.stripe, reservation)
    return reservation


@pytest.mark.usefixtures("without_key", "without_lock")
def test_control_without_key_and_lock_two_holds_sell_a_seat_twice(
    explorer: Explorer, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage()

    def prepare() -> list[Any]:
        stage.clear()
        return [stage.hold(stage.alice, "A1"), stage.hold(stage.bob, "A1")]

    outcome = explorer.explore(prepare, stage.broken, most_preemptions=2, seconds=PATIENCE)
    assert outcome.wrong == "a seat is sold twice"
    with capsys.disabled():
        print(f"\nWithout key and lock: {outcome.told()}")


@pytest.mark.usefixtures("without_key", "without_lock")
def test_control_without_key_and_lock_late_money_sells_a_seat_twice(explorer: Explorer) -> None:
    stage = Stage()
    prepare = functools.partial(late_pin_and_hold, stage)
    outcome = explorer.explore(prepare, stage.broken, most_preemptions=2, seconds=PATIENCE)
    assert outcome.wrong == "a seat is sold twice"
