"""Explore a meeting: every order within a bound, and what must be right after each of them."""

from reservations.tests import aftermath
from reservations.tests.orders.explorer import Outcome, exploring
from reservations.tests.orders.promises import broken_promise
from reservations.tests.orders.scenes import Scene
from reservations.tests.orders.states import left_in
from reservations.tests.orders.verbs import Meeting


def explored(
    meeting: Meeting, scene: Scene, *, bound: int | None, seconds: float, dying: bool = False
) -> Outcome:
    """With `dying` also with a death at every point, after which housekeeping tidies up.

    What several orders leave alike is tidied up once.
    """
    tidied: set[str] = set()

    def check(answers: list[object]) -> str | None:
        wrong = scene.broken(answers) or broken_promise(scene, meeting, answers)
        if wrong or not dying or (left := left_in(scene.stripe)) in tidied:
            return wrong
        tidied.add(left)
        return _wrong_in_the_end(scene)

    with exploring(len(meeting.names)) as explorer:
        return explorer.explore(
            lambda: meeting.jobs(scene),
            check,
            most_preemptions=bound,
            seconds=seconds,
            dying=dying,
        )


def _wrong_in_the_end(scene: Scene) -> str | None:
    """What is wrong when housekeeping has found what the dead have left."""
    try:
        now = aftermath.tidy_up(now=scene.clock)
        aftermath.assert_all_is_well(scene.stripe, now=now)
    except AssertionError as wrong:
        return f"in the end: {wrong}"
    return None
