"""Every pair of verbs one after the other, in both orders, on whatever database there is.

On SQLite, which has one write lock, these are nearly all orders of statements that there are.
"""

from typing import Any

import pytest

from reservations.tests.orders.promises import broken_promise
from reservations.tests.orders.scenes import Scene
from reservations.tests.orders.verbs import PAIRS, Meeting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("meeting", PAIRS, ids=str)
def test_whoever_comes_first_everything_is_right_after(
    meeting: Meeting, stripe_standin: Any
) -> None:
    scene = Scene(stripe_standin)
    for turn in (1, -1):
        jobs = meeting.jobs(scene)
        answers: list[object] = []
        for job in jobs[::turn]:
            try:
                answers.append(job())
            except Exception as refusal:
                answers.append(refusal)
        assert scene.broken(answers) is None, turn
        assert broken_promise(scene, meeting, answers[::turn]) is None, turn
