"""What people are asked not to do to each other, and that there is always a way out."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reservations.errors import CompanionAlone, LeavesSeatAlone, SeatingRefused
from reservations.seating.choice import alternatives, by_comfort
from reservations.seating.orphan_rule import check
from reservations.tests.seating.test_choice import keys, labels, offered, plan, rooms

ROW = plan("A  ssssssssss")


def choose(room, wanted, taken=()):
    check(room, keys(room, *taken), [room.by_label[label] for label in wanted])


def refused(room, wanted, taken=()):
    with pytest.raises(SeatingRefused) as caught:
        choose(room, wanted, taken)
    return caught.value


def in_words(refusal):
    return {alternative.words: alternative.seats for alternative in refusal.alternatives}


def test_a_single_seat_left_at_the_wall_is_named_and_one_step_mends_it():
    refusal = refused(ROW, ["A2", "A3"])
    assert isinstance(refusal, LeavesSeatAlone)
    assert str(refusal).startswith("That would leave seat A1 alone")
    assert in_words(refusal) == {
        "Move one seat left": ["A1", "A2"],
        "Move one seat right": ["A3", "A4"],
    }
    assert refusal.extra == {
        "leftAlone": ["A1"],
        "alternatives": [alternative.seats for alternative in refusal.alternatives],
    }


def test_a_single_seat_between_two_parties_is_left_to_nobody():
    refusal = refused(ROW, ["A5", "A6"], taken=["A1", "A2", "A3"])
    assert refusal.alone == ["A4"]
    assert in_words(refusal)["Move one seat left"] == ["A4", "A5"]


def test_a_gap_within_a_party_is_closed():
    refusal = refused(ROW, ["A4", "A6"])
    assert refusal.alone == ["A5"]
    assert set(in_words(refusal)) == {"Sit side by side"}


def test_the_end_of_a_row_counts_as_the_wall_and_so_does_an_aisle():
    assert refused(ROW, ["A8", "A9"]).alone == ["A10"]
    assert refused(plan("A  ssss_ssss"), ["A2", "A3", "A6", "A7"]).alone == ["A1", "A4", "A5", "A8"]


def test_two_parts_of_a_party_move_together():
    refusal = refused(plan("A  sssss\nB  sssss"), ["A2", "B2"])
    assert in_words(refusal) == {"Move closer together": ["A1", "B1"]}


@pytest.mark.parametrize(
    ("wanted", "taken", "why"),
    [
        (["A1", "A2"], [], "nobody is left alone"),
        (["A4", "A5"], [], "two or more are left on both sides"),
        (["A6"], ["A1", "A2", "A4", "A5"], "A3 was alone before"),
        (["A1", "A2"], ["A4", "A5", "A6", "A7", "A8", "A9", "A10"], "one of three is always left"),
        (["A2"], ["A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10"], "the last two seats"),
        (["A9", "A10"], [f"A{n}" for n in range(1, 9)], "the last seats"),
    ],
)
def test_nobody_is_refused_without_a_better_choice_beside_them(wanted, taken, why):
    choose(ROW, wanted, taken)


def test_moving_along_never_costs_more():
    room = plan("A  sssppp")
    refusal = refused(room, ["A2", "A3"])
    assert in_words(refusal) == {"Move one seat left": ["A1", "A2"]}


def test_wheelchair_spaces_and_companion_seats_are_never_alone_and_never_in_the_way():
    room = plan("A  sswcss")
    choose(room, ["A3", "A4"])
    choose(room, ["A1", "A2"])
    assert refused(plan("A  ssswcsss"), ["A2"]).alone == ["A1", "A3"]


def test_a_house_may_do_without_the_rule(settings):
    settings.ORPHAN_RULE = False
    choose(ROW, ["A2", "A3"])


def test_a_companion_seat_is_offered_with_the_space_beside_it_or_others_instead():
    room = plan("A  ssss\nB  wcsscw")
    refusal = refused(room, ["B2"])
    assert isinstance(refusal, CompanionAlone)
    assert str(refusal) == "Seat B2 is kept for whoever comes with a guest in a wheelchair."
    assert in_words(refusal) == {
        "Take the wheelchair space as well": ["B1", "B2"],
        "Take other seats": ["B3"],
    }


def test_who_comes_with_a_guest_in_a_wheelchair_gets_the_companion_seat():
    room = plan("A  ssss\nB  wcsscw")
    choose(room, ["B1", "B2"])
    choose(room, ["B2"], taken=["B1"])  # they may book by themselves


def test_when_nothing_else_is_left_a_companion_seat_is_anybodys():
    choose(plan("A  ss\nB  wc"), ["B2"], taken=["A1", "A2"])


def test_a_companion_seat_beside_no_space_is_a_seat():
    choose(plan("A  ssccss"), ["A3", "A4"])


def test_what_is_gone_already_is_not_discussed():
    choose(ROW, ["A2", "A3"], taken=["A3"])


@settings(deadline=None)  # a busy machine is no fault
@given(rooms(), st.data())
def test_every_way_out_is_free_as_large_and_not_refused_in_turn(scene, data):
    room, taken = scene
    free = offered(room, taken)
    assume(free)
    wanted = data.draw(st.lists(st.sampled_from(free), min_size=1, max_size=5, unique=True))
    for alternative in ways_out(room, taken, wanted):
        seats = [room.by_label[label] for label in alternative.seats]
        assert len(set(alternative.seats)) == len(wanted)
        assert not {seat.pk for seat in seats} & taken
        assert sorted(s.kind for s in seats) == sorted(s.kind for s in wanted)
        check(room, taken, seats)


def ways_out(room, taken, wanted):
    try:
        check(room, taken, wanted)
    except SeatingRefused as refusal:
        return refusal.alternatives or ["a refusal without a way out"]
    return []


@settings(deadline=None)  # a busy machine is no fault
@given(rooms(), st.integers(1, 5))
def test_what_the_house_suggests_it_does_not_refuse(scene, size):
    room, taken = scene
    groups = by_comfort(room, taken, size)
    for group in groups:
        check(room, taken, group)
        for offer in alternatives(room, taken, group):
            check(room, taken, [room.by_label[label] for label in offer])
    assert all(labels(group) for group in groups)
