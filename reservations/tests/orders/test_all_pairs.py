"""Every pair of the verbs that touch seats or money, and some three of them (`-m long`).

`pytest -m long -s reservations/tests/orders` prints a row of docs/reliability.md for each.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from reservations.tests import aftermath
from reservations.tests.crowd import on_sqlite
from reservations.tests.orders.explorer import Outcome, exploring
from reservations.tests.orders.scenes import VERBS, Scene, beginning_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
PAIRS = list(itertools.combinations_with_replacement(VERBS, 2))
THREES = [("hold", "lapse", "settle"), ("cancel", "webhook", "settle")]
PATIENCE = 900.0  # seconds


def name_of(names: Sequence[str]) -> str:
    return " × ".join(names)


@pytest.mark.parametrize("names", PAIRS, ids=name_of)
@pytest.mark.parametrize("bound", [1, 2])
def test_a_pair_in_every_order(names: Sequence[str], bound: int, stripe_standin: Any) -> None:
    row(names, explored(names, bound, stripe_standin), bound)


@pytest.mark.parametrize("names", THREES, ids=name_of)
def test_three_in_every_order(names: Sequence[str], stripe_standin: Any) -> None:
    row(names, explored(names, 1, stripe_standin), 1)


@pytest.mark.parametrize("names", PAIRS, ids=name_of)
@pytest.mark.parametrize("bound", [0, 1])
def test_a_pair_with_a_death_at_every_point(
    names: Sequence[str], bound: int, stripe_standin: Any
) -> None:
    row(names, explored(names, bound, stripe_standin, dying=True), bound, "with deaths")


def explored(
    names: Sequence[str], bound: int, stripe: Any, *, dying: bool = False, seconds: float = PATIENCE
) -> Outcome:
    scene, beginning = Scene(stripe), beginning_of(*names)

    def prepare() -> list[Callable[[], object]]:
        scene.begin(beginning)
        return [VERBS[name](scene) for name in names]

    def check(answers: list[object]) -> str | None:
        wrong = scene.broken(answers)
        return wrong or (_wrong_in_the_end(scene) if dying else None)

    with exploring(len(names)) as explorer:
        outcome = explorer.explore(
            prepare, check, most_preemptions=bound, seconds=seconds, dying=dying
        )
    assert not outcome.wrong, outcome.told()
    return outcome


def _wrong_in_the_end(scene: Scene) -> str | None:
    """What is wrong when housekeeping has found what the dead have left."""
    try:
        now = aftermath.tidy_up(now=scene.clock)
        aftermath.assert_all_is_well(scene.stripe, now=now)
    except AssertionError as wrong:
        return f"in the end: {wrong}"
    return None


def row(names: Sequence[str], outcome: Outcome, bound: int, what: str = "") -> None:
    name = f"{name_of(names)}{', ' if what else ''}{what}"
    print(
        f"\n| {name} | {bound} | {outcome.orders} | {outcome.left} | {outcome.longest}"
        f" | {outcome.seconds:.0f} | 0 |"
    )
    assert outcome.left == 0, "it takes longer than the patience of this test"
