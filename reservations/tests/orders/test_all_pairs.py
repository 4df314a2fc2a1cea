"""Every pair of the verbs that touch seats or money, and some three of them (`-m long`).

Each is noted for the table in docs/reliability.md, which `rows` makes.
"""

import os
from typing import Any

import pytest

from reservations.tests.crowd import on_sqlite
from reservations.tests.orders import rows
from reservations.tests.orders.explorer import Outcome
from reservations.tests.orders.meetings import explored
from reservations.tests.orders.scenes import Scene
from reservations.tests.orders.verbs import PAIRS, TRIPLES, Meeting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
PATIENCE = 3600.0  # seconds, for what must end
# For a deeper bound than asked for, which counts if it ends in time.
DEEPER_SECONDS = float(os.environ.get("ORDERS_DEEPER_SECONDS", "600"))
GROWTH = 3  # a preemption more takes at least so many times as long


@pytest.mark.parametrize("meeting", PAIRS, ids=str)
def test_a_pair_as_deep_as_time_allows(meeting: Meeting, stripe_standin: Any) -> None:
    scene = Scene(stripe_standin)
    found = finished(meeting, scene, 2)
    for bound in (3, None):
        if found.seconds * GROWTH > DEEPER_SECONDS:
            return
        found = explored(meeting, scene, bound=bound, seconds=DEEPER_SECONDS)
        if found.left and not found.wrong:
            return
        noted(meeting, bound, found)


@pytest.mark.parametrize("meeting", PAIRS, ids=str)
def test_a_pair_with_a_death_at_every_point(meeting: Meeting, stripe_standin: Any) -> None:
    finished(meeting, Scene(stripe_standin), 1, dying=True)


@pytest.mark.parametrize("meeting", TRIPLES, ids=str)
@pytest.mark.parametrize("bound", [1, 2])
def test_three_in_every_order(meeting: Meeting, bound: int, stripe_standin: Any) -> None:
    finished(meeting, Scene(stripe_standin), bound)


def finished(meeting: Meeting, scene: Scene, bound: int, *, dying: bool = False) -> Outcome:
    outcome = explored(meeting, scene, bound=bound, seconds=PATIENCE, dying=dying)
    noted(meeting, bound, outcome, dying=dying)
    assert outcome.left == 0, "it takes longer than the patience of this test"
    return outcome


def noted(meeting: Meeting, bound: int | None, outcome: Outcome, *, dying: bool = False) -> None:
    rows.note(meeting, bound, outcome, dying=dying)
    print(f"\n{meeting}{' with deaths' if dying else ''}, bound {bound}: {outcome}")
    assert not outcome.wrong, outcome.told()
