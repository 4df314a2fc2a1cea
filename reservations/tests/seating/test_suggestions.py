"""What one click takes, and which seats are shown as the best."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.errors import LeavesSeatAlone
from reservations.seating.orphan_rule import check
from reservations.seating.runs import ON_REQUEST
from reservations.seating.suggestions import suggestions
from reservations.tests.seating.test_choice import ROOM, are_together, keys, offered, plan, rooms


def around(room, label, party, *taken):
    return suggestions(room, keys(room, *taken), party).by_seat.get(label)


def test_a_click_takes_the_party_around_the_seat_leaning_to_the_middle():
    room = plan(ROOM)
    assert around(room, "C3", 2) == ["C3", "C4"]
    assert around(room, "C8", 4) == ["C5", "C6", "C7", "C8"]


def test_it_leaves_no_single_seat_alone():
    room = plan("A  ssssss")
    assert around(room, "A2", 2) == ["A1", "A2"]
    assert around(room, "A3", 2) == ["A3", "A4"]
    assert around(plan("A  sssss"), "A3", 2) == ["A1", "A2"]  # A3 would leave A1 or A5 alone


def test_a_guest_alone_gets_the_very_seat():
    assert around(plan("A  sss"), "A2", 1) == ["A2"]


def test_where_not_all_can_sit_together_as_many_as_can():
    assert around(plan("A  sss_ss"), "A5", 4) == ["A4", "A5"]


def test_who_comes_in_a_wheelchair_gets_the_companion_seat_beside_and_the_next_ones():
    room = plan("A  cwsss\nB  sswcss\nC  wssss")
    assert around(room, "A2", 2) == ["A1", "A2"]
    assert around(room, "B3", 1) == ["B3"]
    assert around(room, "B3", 4) == ["B3", "B4", "B5", "B6"]
    assert around(room, "B3", 3, "B5") == ["B3", "B4"]
    assert around(room, "B4", 1) == ["B3", "B4"]
    assert around(room, "B4", 2, "B3") == ["B4"]
    assert around(room, "C1", 3) == ["C1"]


def test_the_best_are_shown_one_group_after_the_other():
    best = suggestions(plan(ROOM), (), 2).best
    assert best[0] == ["F5", "F6"]
    assert len(best) == 5 == len({label for group in best for label in group}) / 2


def test_if_none_are_together_the_best_near_one_another_are_shown():
    room = plan("A  s_s_s")
    assert suggestions(room, (), 2).best == [["A1", "A2"]]
    assert suggestions(room, (), 4).best == []


@settings(deadline=None)  # a busy machine is no fault
@given(rooms(), st.integers(1, 6))
def test_whatever_a_click_takes_is_free_together_and_not_refused(scene, party):
    room, taken = scene
    found = suggestions(room, taken, party)
    free = {seat.label for seat in offered(room, taken)}
    assert free <= found.by_seat.keys()
    for label, group in found.by_seat.items():
        seats = [room.by_label[one] for one in group]
        assert are_together(seats)
        assert all(seat.pk not in taken and not seat.out_of_order for seat in seats)
        if room.by_label[label].kind in ON_REQUEST:
            continue
        assert len(group) <= party
        if party > 1:
            check(room, taken, seats)
        else:
            assert group == [label]
    for group in found.best:
        assert len(group) == party


def test_a_guest_alone_may_still_be_asked_to_move():
    room = plan("A  sss")
    with pytest.raises(LeavesSeatAlone) as caught:
        check(room, set(), [room.by_label[label] for label in around(room, "A2", 1)])
    assert [alternative.seats for alternative in caught.value.alternatives] == [["A1"], ["A3"]]
