"""Take guards away, and an order must break something: each control names its pair and its guards.

One guard alone often hides behind another. What no control here needs is a second line of defence,
and docs/reliability.md says which that is.
"""

import functools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.actors import HOUSEKEEPING
from moviereservation.db.batches import Statement
from reservations import booking
from reservations.booking import holding, statements
from reservations.models import Reservation
from reservations.tests.booking.test_no_two_people import without_key, without_lock  # noqa: F401
from reservations.tests.crowd import on_sqlite
from reservations.tests.orders.explorer import Explorer, exploring
from reservations.tests.orders.scenes import Job, Scene, authorised, held, hold, lapse, over, settle

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
SECONDS = 60.0


@pytest.fixture
def explorer() -> Iterator[Explorer]:
    with exploring() as two:
        yield two


@pytest.fixture
def without_looking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "taken_after_lapsing", lambda *_args, **_options: set())


@pytest.fixture
def without_a_line_only_if_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "if_changed", lambda value: ("%s", value))


@pytest.fixture
def without_compare_and_set(monkeypatch: pytest.MonkeyPatch) -> None:
    pin = statements.pin_in_time

    def whatever_it_is(reservation: Reservation, **options: Any) -> Statement:
        sql, params = pin(reservation, **options)
        return Statement(sql.replace("state = %s AND held_until > %s", "%s <> %s"), params)

    monkeypatch.setattr(statements, "pin_in_time", whatever_it_is)


def test_without_looking_again_and_the_key_a_seat_is_sold_twice(
    explorer: Explorer,
    stripe_standin: Any,
    without_key: None,  # noqa: F811
    without_looking_again: None,
) -> None:
    def two_for_one_seat(scene: Scene) -> list[Job]:
        scene.begin(lambda _scene: None)
        return [hold(scene), functools.partial(hold_of_alice, scene)]

    assert story(explorer, stripe_standin, two_for_one_seat) == "a seat is sold twice"


def test_without_read_committed_and_the_key_a_seat_is_sold_twice(
    explorer: Explorer,
    stripe_standin: Any,
    without_key: None,  # noqa: F811
) -> None:
    """What was read before the lock is what a transaction goes on seeing behind it."""

    def late_money_and_a_rival(scene: Scene) -> list[Job]:
        scene.begin(held)
        scene.clock = scene.begun + timedelta(minutes=11)
        lapse(scene)()
        pin = functools.partial(booking.pin, scene.reservation.pk, now=scene.clock, by=HOUSEKEEPING)
        return [repeatable_read(pin), repeatable_read(hold(scene))]

    assert story(explorer, stripe_standin, late_money_and_a_rival) == "a seat is sold twice"


def test_without_lines_only_if_something_changed_a_history_is_broken(
    explorer: Explorer, stripe_standin: Any, without_a_line_only_if_changed: None
) -> None:
    def two_settle(scene: Scene) -> list[Job]:
        scene.begin(authorised)
        return [settle(scene), settle(scene)]

    assert "11b" in story(explorer, stripe_standin, two_settle)


def test_without_compare_and_set_seats_are_paid_that_are_free(
    explorer: Explorer, stripe_standin: Any, without_compare_and_set: None
) -> None:
    def lapse_and_settle(scene: Scene) -> list[Job]:
        scene.begin(over)
        return [lapse(scene), settle(scene)]

    assert "2b" in story(explorer, stripe_standin, lapse_and_settle)


def hold_of_alice(scene: Scene) -> object:
    held(scene)
    return scene.reservation


def repeatable_read(job: Job) -> Job:
    def at_another_isolation() -> object:
        # Straight to the server: it is no step of the verb's.
        connection.connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return job()

    return at_another_isolation


def story(explorer: Explorer, stripe: Any, meet: Callable[[Scene], list[Job]]) -> str:
    """What goes wrong first; it is printed as it can be read."""
    scene = Scene(stripe)
    outcome = explorer.explore(
        lambda: meet(scene), scene.broken, most_preemptions=2, seconds=SECONDS
    )
    assert outcome.wrong, f"nothing is wrong after {outcome.orders} orders"
    print(outcome.told())
    return outcome.wrong
