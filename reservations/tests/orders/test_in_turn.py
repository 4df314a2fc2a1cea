"""Every pair of verbs one after the other, in both orders, on whatever database there is.

On SQLite, which has one write lock, these are nearly all orders of statements that there are.
"""

import itertools
from typing import Any

import pytest

from reservations.tests.orders.scenes import VERBS, Scene, beginning_of

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = list(itertools.combinations_with_replacement(VERBS, 2))


@pytest.mark.parametrize("names", PAIRS, ids=" × ".join)
def test_whoever_comes_first_everything_is_right_after(
    names: tuple[str, str], stripe_standin: Any
) -> None:
    scene = Scene(stripe_standin)
    for turn in {names, names[::-1]}:
        scene.begin(beginning_of(*names))
        jobs = [VERBS[name](scene) for name in turn]
        answers = []
        for job in jobs:
            try:
                answers.append(job())
            except Exception as refusal:
                answers.append(refusal)
        assert scene.broken(answers) is None, turn
