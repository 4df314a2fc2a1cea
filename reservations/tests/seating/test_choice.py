"""The best seats together, and what is free instead: where people sit if they can choose."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.errors import (
    BlockedSeats,
    DuplicateSeats,
    NoSeats,
    NotTogether,
    TooManySeats,
    UnknownSeats,
)
from reservations.seating import choice
from reservations.seating.choice import ON_REQUEST, alternatives, best_together
from showtimes.seat_plan import Plan, PlanSeat, read

ROOM = "\n".join(f"{row}  ssssssssss" for row in "ABCDEFGHJ")


def plan(grid, out_of_order=()):
    rows = {}
    for pk, seat in enumerate(read(grid), start=1):
        label = f"{seat.row}{seat.number}"
        rows.setdefault(seat.row, []).append(
            PlanSeat(
                pk, label, seat.row, seat.number, seat.kind, seat.x, seat.y, label in out_of_order
            )
        )
    return Plan(tuple((row, tuple(seats)) for row, seats in rows.items()))


def keys(room, *labels):
    return {room.by_label[label].pk for label in labels}


def labels(seats):
    return [seat.label for seat in seats]


@st.composite
def rooms(draw):
    """A small room of any shape, with some seats taken and some broken."""
    rows = draw(st.lists(st.text("ssprwc_", min_size=1, max_size=9), min_size=1, max_size=5))
    grid = "\n".join(f"{'ABCDE'[n]}  {cells}s" for n, cells in enumerate(rows))
    everybody = labels(seat for _row, seats in plan(grid).rows for seat in seats)
    broken = draw(st.sets(st.sampled_from(everybody), max_size=3))
    room = plan(grid, broken)
    taken = keys(room, *draw(st.sets(st.sampled_from(everybody))))
    return room, taken


def offered(room, taken):
    return [
        seat
        for _row, seats in room.rows
        for seat in seats
        if seat.pk not in taken and not seat.out_of_order and seat.kind not in ON_REQUEST
    ]


def are_together(seats):
    return all(a.y == b.y and a.x + 1 == b.x for a, b in pairwise(seats))


@given(rooms(), st.integers(1, 6))
def test_what_is_chosen_is_free_and_together_wherever_so_many_are_together(scene, size):
    room, taken = scene
    free = offered(room, taken)
    found = best_together(room, taken, size)
    if not found:
        assert len(free) < size
        return
    assert len({seat.pk for seat in found}) == size
    assert set(found) <= set(free)
    in_a_row = [free[n : n + size] for n in range(len(free) - size + 1)]
    assert are_together(found) or not any(map(are_together, in_a_row))


@given(rooms(), st.data())
def test_alternatives_are_as_many_free_and_together_and_share_no_seat(scene, data):
    room, taken = scene
    everybody = [seat for _row, seats in room.rows for seat in seats]
    wanted = data.draw(st.lists(st.sampled_from(everybody), min_size=1, max_size=4, unique=True))
    offers = [
        [room.by_label[label] for label in group] for group in alternatives(room, taken, wanted)
    ]
    assert len(offers) <= 3
    seats = [seat for group in offers for seat in group]
    assert len(seats) == len(set(seats))
    for group in offers:
        assert len(group) == len(wanted)
        assert are_together(group)
        assert all(seat.pk not in taken and not seat.out_of_order for seat in group)
        assert spaces(group) == spaces(wanted)


def spaces(seats):
    return sorted(seat.kind for seat in seats if seat.kind in ON_REQUEST)


def test_the_best_two_are_in_the_middle_a_little_behind_the_middle():
    assert labels(best_together(plan(ROOM), (), 2)) == ["F5", "F6"]


def test_no_single_seat_is_left_over_beside_them_if_it_can_be_helped():
    room = plan("A  sssss")
    assert labels(best_together(room, keys(room, "A5"), 2)) in (["A1", "A2"], ["A3", "A4"])


def test_an_aisle_parts_those_who_sit_beside_it():
    room = plan("A  ss_ss")
    assert labels(best_together(room, (), 2)) in (["A1", "A2"], ["A3", "A4"])
    assert labels(best_together(room, keys(room, "A1", "A4"), 2)) == ["A2", "A3"]  # near at least


def test_nobody_is_put_where_the_view_is_restricted_while_there_are_other_seats():
    room = plan("A  ss\nB  rrrr")
    assert labels(best_together(room, (), 2)) == ["A1", "A2"]
    assert labels(best_together(room, keys(room, "A1"), 2)) in (["B1", "B2"], ["B3", "B4"])


def test_nobody_is_put_on_a_wheelchair_space_without_asking():
    room = plan("A  wcsscw")
    assert labels(best_together(room, (), 2)) == ["A3", "A4"]
    assert best_together(room, (), 3) == []


def test_who_looks_again_may_get_one_of_the_next_best():
    room = plan(ROOM)
    seen = {tuple(labels(choice.best(room, (), 2, look=3))) for _n in range(200)}
    assert len(seen) == 10
    assert {tuple(labels(choice.best(room, (), 2))) for _n in range(50)} == {("F5", "F6")}


def test_the_nearest_are_offered_first():
    room = plan(ROOM)
    wanted = [room.by_label["F5"], room.by_label["F6"]]
    offers = alternatives(room, keys(room, "F5"), wanted)
    assert offers[0] == ["F6", "F7"]
    assert all(group[0][0] in "EFG" for group in offers)


def test_who_needs_a_wheelchair_space_is_offered_one():
    room = plan("A  ssss\nB  wcsscw\nC  ssss")
    wanted = [room.by_label["B1"], room.by_label["B2"]]
    assert alternatives(room, keys(room, "B1"), wanted) == [["B5", "B6"]]
    assert alternatives(room, keys(room, "B1", "B6"), wanted) == []  # no seat would do


def test_nothing_is_offered_where_nothing_is_free():
    room = plan("A  sss")
    wanted = [room.by_label["A1"]]
    assert alternatives(room, keys(room, "A1", "A2", "A3"), wanted) == []


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ([], NoSeats),
        ([f"A{n}" for n in range(1, 12)], TooManySeats),
        (["A1", "Z1"], UnknownSeats),
        (["A1", " a1 "], DuplicateSeats),
        (["A1", "A2"], BlockedSeats),
    ],
)
def test_a_wish_that_cannot_be_is_refused(wish, refusal):
    with pytest.raises(refusal):
        choice.named(plan(ROOM, out_of_order={"A2"}), wish)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_no_wish_in_words_breaks_it(wish):
    refusals = (NoSeats, TooManySeats, UnknownSeats, DuplicateSeats)
    try:
        found = choice.named(plan(ROOM), wish)
    except refusals:
        return
    assert labels(found) == [label.strip().upper() for label in wish]


@pytest.mark.parametrize(
    ("size", "refusal"), [(0, NoSeats), (-1, NoSeats), (11, TooManySeats), (10**30, TooManySeats)]
)
def test_a_number_that_makes_no_sense_is_refused(size, refusal):
    with pytest.raises(refusal):
        choice.best(plan(ROOM), (), size)


def test_more_than_are_free_are_refused():
    with pytest.raises(NotTogether):
        choice.best(plan("A  sss"), (), 4)
