"""Take guards away, and an order must break something: each control names its pair and its guards.

One guard alone often hides behind another. What no control here needs by itself is a second line of
defence: `ALONE` shows that nothing breaks without it (`-m long`), and docs/reliability.md names it.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from reservations.tests.booking.test_no_two_people import without_key, without_lock  # noqa: F401
from reservations.tests.crowd import on_sqlite
from reservations.tests.orders.explorer import Outcome
from reservations.tests.orders.meetings import explored
from reservations.tests.orders.scenes import (
    Scene,
    authorised,
    free,
    in_time,
    lapsed,
    over,
    sold,
)
from reservations.tests.orders.verbs import Meeting
from reservations.tests.orders.without import (  # noqa: F401
    without_compare_and_set_in_confirm,
    without_compare_and_set_in_move,
    without_compare_and_set_in_pin,
    without_lines_only_if_changed,
    without_lock_in_extend,
    without_looking_again,
    without_one_act,
    without_read_committed,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
PATIENCE = 300.0  # seconds: beside other load

TWO_HOLDS = Meeting(("hold", "hold of a rival"), free)
LATE_MONEY = Meeting(("hold", "settle"), lapsed)
TWO_SETTLE = Meeting(("settle", "settle"), authorised)
OVER = Meeting(("settle", "lapse"), over)
LAST_SECOND = Meeting(("hold", "extend"), in_time)
TWO_CANCEL = Meeting(("cancel", "cancel"), sold)
TWICE = "a seat is sold twice"


@dataclass(frozen=True)
class Control:
    """Without these guards an order of this meeting breaks what `wrong` says."""

    meeting: Meeting
    without: tuple[str, ...]
    wrong: str

    def __str__(self) -> str:
        return f"{self.meeting}: {' and '.join(self.without)}"


CONTROLS = [
    Control(TWO_HOLDS, ("without_key", "without_lock"), TWICE),
    Control(TWO_HOLDS, ("without_key", "without_looking_again"), TWICE),
    Control(LATE_MONEY, ("without_key", "without_lock"), TWICE),
    Control(LATE_MONEY, ("without_key", "without_read_committed"), TWICE),
    Control(TWO_SETTLE, ("without_lines_only_if_changed",), "11b"),
    Control(OVER, ("without_compare_and_set_in_pin",), "2b"),
    Control(LAST_SECOND, ("without_lock_in_extend",), "lapsed although it was extended"),
    Control(TWO_SETTLE, ("without_compare_and_set_in_confirm", "without_one_act"), "11b"),
]
ALONE = [
    (TWO_HOLDS, "without_key"),
    (TWO_HOLDS, "without_lock"),
    (TWO_HOLDS, "without_looking_again"),
    (LATE_MONEY, "without_key"),
    (LATE_MONEY, "without_lock"),
    (LATE_MONEY, "without_read_committed"),
    (TWO_SETTLE, "without_compare_and_set_in_confirm"),
    (TWO_SETTLE, "without_one_act"),
    (TWO_CANCEL, "without_compare_and_set_in_move"),
]


@pytest.mark.parametrize("control", CONTROLS, ids=str)
def test_without_guards_an_order_breaks_something(
    control: Control, stripe_standin: Any, request: pytest.FixtureRequest
) -> None:
    outcome = explored_without(control.meeting, control.without, stripe_standin, request)
    print(f"{control}: {outcome.told()}")
    assert control.wrong in str(outcome.wrong), f"{outcome.wrong} after {outcome.orders} orders"


@pytest.mark.long
@pytest.mark.parametrize(("meeting", "guard"), ALONE, ids=str)
def test_a_second_line_of_defence_is_not_missed_alone(
    meeting: Meeting, guard: str, stripe_standin: Any, request: pytest.FixtureRequest
) -> None:
    outcome = explored_without(meeting, (guard,), stripe_standin, request)
    print(f"{meeting} {guard}: {outcome.orders} orders")
    assert not outcome.wrong, outcome.told()
    assert outcome.left == 0


def explored_without(
    meeting: Meeting, guards: tuple[str, ...], stripe: Any, request: pytest.FixtureRequest
) -> Outcome:
    for guard in guards:
        request.getfixturevalue(guard)
    return explored(meeting, Scene(stripe), bound=2, seconds=PATIENCE)
