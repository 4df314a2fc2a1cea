"""Some pairs in every order within a bound, in every run of the suite.

The other pairs and deeper bounds are in `test_all_pairs`.
"""

from typing import Any

import pytest

from reservations.tests.crowd import on_sqlite
from reservations.tests.orders.meetings import explored
from reservations.tests.orders.scenes import Scene, authorised, in_time, lapsed, over
from reservations.tests.orders.verbs import Meeting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(on_sqlite(), reason="SQLite has one write lock: its orders are few"),
]
PATIENCE = 300.0  # seconds: beside other load
SOME = [
    (Meeting(("hold", "hold of a rival"), over), 1),
    (Meeting(("hold", "lapse"), over), 2),
    (Meeting(("hold", "extend"), in_time), 2),
    (Meeting(("hold", "settle"), lapsed), 1),
    (Meeting(("settle", "webhook"), authorised), 1),
    (Meeting(("settle", "cancel"), authorised), 1),
    (Meeting(("settle", "lapse"), in_time), 1),
]


@pytest.mark.parametrize(("meeting", "bound"), SOME, ids=str)
def test_whatever_the_order_everything_is_right(
    meeting: Meeting, bound: int, stripe_standin: Any
) -> None:
    outcome = explored(meeting, Scene(stripe_standin), bound=bound, seconds=PATIENCE)
    assert not outcome.wrong, outcome.told()
    assert outcome.left == 0
    assert outcome.orders > 10
    print(f"{outcome.orders} orders, {outcome.longest} steps, {outcome.seconds:.0f} s")
