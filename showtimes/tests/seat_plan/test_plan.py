"""A text grid that a person types becomes seats, and seats keep their identity."""

import pytest

from showtimes import seat_plan
from showtimes.errors import BadSeatPlan
from showtimes.models import Auditorium, Seat
from showtimes.seat_plan import apply_plan, recount
from showtimes.tests.factories import make_auditorium


def test_each_line_is_a_row_and_each_letter_a_seat():
    seats = seat_plan.read("A  __ss_p\n\nB  wc_oo")
    assert [(f"{s.row}{s.number}", s.kind, s.x, s.y) for s in seats] == [
        ("A1", "standard", 2, 0), ("A2", "standard", 3, 0), ("A3", "premium", 5, 0),
        ("B1", "wheelchair", 0, 2), ("B2", "companion", 1, 2), ("B3", "sofa", 3, 2),
        ("B4", "sofa", 4, 2),
    ]  # fmt: skip


def test_blanks_around_a_plan_do_not_matter():
    assert seat_plan.read("\n  A   ss  \r\n  B\tss\n\n") == seat_plan.read("A ss\nB ss")


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ("", "between 1 and"),
        ("\n\n", "between 1 and"),
        ("A  ____", "between 1 and"),
        ("A  ss\nA  ss", "Line 2"),
        ("A  ss\nss", "Line 2"),
        ("A", "Line 1"),
        ("1  ss", "Line 1"),
        ("AAAA  ss", "Line 1"),
        ("a  ss", "Line 1"),
        ("A  sS", "Row A"),
        ("A  s x", "Line 1"),
        ("A  s🎬", "Row A"),
        ("A  " + "s" * 2001, "between 1 and"),
    ],
)
def test_what_is_no_plan_is_refused_and_the_line_is_named(grid, said):
    with pytest.raises(BadSeatPlan, match=said):
        seat_plan.read(grid)


@pytest.mark.parametrize("capacity", [1, 2, 3, 7, 20, 21, 50, 99, 100, 101, 399, 400, 1000])
def test_a_plan_made_to_size_has_exactly_so_many_seats(capacity):
    seats = seat_plan.read(seat_plan.grid_for(capacity))
    assert len(seats) == capacity
    assert len({(s.x, s.y) for s in seats}) == capacity
    assert {s.kind for s in seats} == {"standard"}


@pytest.mark.django_db
def test_laying_out_again_keeps_every_seat_that_stays():
    auditorium = make_auditorium(plan="A  sss\nB  sss")
    before = {seat.label: seat.pk for seat in auditorium.seats.all()}
    auditorium.plan = "A  ssss\nB  _sp_s"
    auditorium.save()
    apply_plan(auditorium)
    after = {seat.label: seat.pk for seat in auditorium.seats.all()}
    assert set(after) == {"A1", "A2", "A3", "A4", "B1", "B2", "B3"}
    assert all(after[label] == pk for label, pk in before.items())
    moved = Seat.objects.get(auditorium=auditorium, row="B", number=2)
    assert (moved.kind, moved.x, moved.y) == ("premium", 2, 1)


@pytest.mark.django_db
def test_a_seat_that_nobody_booked_may_leave_the_plan():
    auditorium = make_auditorium(plan="A  sss")
    auditorium.plan = "A  ss"
    auditorium.save()
    assert apply_plan(auditorium).capacity == 2
    assert [seat.label for seat in auditorium.seats.all()] == ["A1", "A2"]


@pytest.mark.django_db
def test_a_bad_plan_changes_no_seat():
    auditorium = make_auditorium(plan="A  sss")
    auditorium.plan = "A  s?s"
    with pytest.raises(BadSeatPlan):
        apply_plan(auditorium)
    stored = Auditorium.objects.get()
    assert (stored.plan, stored.capacity, stored.seats.count()) == ("A  sss", 3, 3)


@pytest.mark.django_db
def test_a_seat_out_of_order_is_not_counted_and_the_kept_plan_learns_of_it():
    auditorium = make_auditorium(plan="A  sss")
    assert not seat_plan.plan_of(auditorium).by_label["A2"].out_of_order
    auditorium.seats.filter(number=2).update(out_of_order=True)
    auditorium = recount(auditorium)
    assert auditorium.capacity == 2
    assert seat_plan.plan_of(auditorium).by_label["A2"].out_of_order


@pytest.mark.django_db
def test_a_plan_is_read_once_and_then_kept(django_assert_num_queries):
    auditorium = make_auditorium(plan="A  sss")
    with django_assert_num_queries(1):
        seat_plan.plan_of(auditorium)
    with django_assert_num_queries(0):
        assert seat_plan.plan_of(auditorium).columns == 3
