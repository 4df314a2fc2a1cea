"""Auditoriums in the back office: typed, drawn, and saved only as the rules allow."""

import pytest

from accounts.tests.cast import alice, bo, mia
from showtimes.models import Auditorium, Seat
from showtimes.tests.factories import SMALL_PLAN, make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
ROOMS = "/admin/showtimes/auditorium/"


@pytest.fixture(autouse=True)
def _manager(client):
    client.force_login(mia())


def form(**fields) -> dict:
    return {"name": "One", "plan": SMALL_PLAN, "access_notes": "", "out_of_order": ""} | fields


def errors(answer) -> dict:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_a_typed_plan_becomes_seats(client):
    answer = client.post(f"{ROOMS}add/", form(plan="A  ss_ss\r\nB  wc_pp\r\n"))
    assert answer.status_code == 302
    room = Auditorium.objects.get()
    assert (room.capacity, room.seats.get(row="B", number=3).kind) == (8, "premium")


def test_a_plan_that_is_none_is_refused_next_to_the_field_and_kept(client):
    typed = "A  ss?ss"
    answer = client.post(f"{ROOMS}add/", form(plan=typed))
    assert "no kind of seat" in errors(answer)["plan"][0]
    assert answer.context["adminform"].form["plan"].value() == typed
    assert not Auditorium.objects.exists()


def test_seats_that_were_booked_cannot_leave_the_plan(client):
    from reservations.tests.factories import hold_for

    room = make_auditorium()
    hold_for(alice(), make_showtime(auditorium=room), "C5")
    typed = "A  ss"
    answer = client.post(f"{ROOMS}{room.pk}/change/", form(plan=typed, name="Renamed"))
    assert "C5" in errors(answer)["plan"][0]
    assert answer.context["adminform"].form["plan"].value() == typed
    room.refresh_from_db()
    assert (room.name, room.plan, room.seats.count()) == ("One", SMALL_PLAN, 24)


def test_a_name_can_change_without_the_seats_being_laid_out_again(client):
    room = make_auditorium()
    as_browsers_send_it = SMALL_PLAN.replace("\n", "\r\n")
    client.post(f"{ROOMS}{room.pk}/change/", form(name="Two", plan=as_browsers_send_it))
    changed = Auditorium.objects.get()
    assert (changed.name, changed.plan_version) == ("Two", room.plan_version)


def test_saving_a_name_does_not_undo_what_another_manager_drew_meanwhile(client):
    room = make_auditorium()
    Auditorium.objects.filter(pk=room.pk).update(access_notes="A ramp.", schedule_version=7)
    client.post(f"{ROOMS}{room.pk}/change/", form(name="Two", access_notes="A ramp."))
    changed = Auditorium.objects.get()
    assert (changed.name, changed.access_notes, changed.schedule_version) == ("Two", "A ramp.", 7)


def test_seats_out_of_order_are_not_counted_and_come_back(client):
    room = make_auditorium()
    client.post(f"{ROOMS}{room.pk}/change/", form(out_of_order="a1, C5"))
    assert {str(seat) for seat in Seat.objects.filter(out_of_order=True)} == {"A1", "C5"}
    room.refresh_from_db()
    assert room.capacity == 22
    page = client.get(f"{ROOMS}{room.pk}/change/").content.decode()
    assert 'value="A1, C5"' in page
    client.post(f"{ROOMS}{room.pk}/change/", form(out_of_order="C5"))
    room.refresh_from_db()
    assert room.capacity == 23


def test_a_seat_that_is_not_there_cannot_be_out_of_order(client):
    room = make_auditorium()
    answer = client.post(f"{ROOMS}{room.pk}/change/", form(out_of_order="A1 Z9"))
    assert "Z9" in errors(answer)["out_of_order"][0]
    assert not Seat.objects.filter(out_of_order=True).exists()


def test_the_page_draws_the_plan(client):
    room = make_auditorium()
    page = client.get(f"{ROOMS}{room.pk}/change/").content.decode()
    assert 'aria-label="3 rows with 24 seats"' in page
    assert "<title>B1, wheelchair space</title>" in page
    assert "style=" not in page.partition("<svg viewBox")[2]


def test_a_typed_plan_is_drawn_before_it_is_saved(client):
    room = make_auditorium()
    answer = client.post(f"{ROOMS}drawing/", {"plan": "A  ss", "out_of_order": "A2"})
    assert "<title>A2, standard, out of order</title>" in answer.content.decode()
    refused = client.post(f"{ROOMS}drawing/", {"plan": "A  s?", "out_of_order": ""})
    assert "no kind of seat" in refused.content.decode()
    room.refresh_from_db()
    assert room.plan == SMALL_PLAN


def test_what_is_drawn_is_escaped(client):
    drawn = client.post(f"{ROOMS}drawing/", {"plan": "A  s<", "out_of_order": "<b>"})
    assert "&lt;" in drawn.content.decode()
    assert "<b>" not in drawn.content.decode()


def test_an_auditorium_in_use_stays(client):
    room = make_auditorium()
    make_showtime(auditorium=room)
    answer = client.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"}, follow=True)
    assert "There are showtimes in it" in answer.content.decode()
    assert Auditorium.objects.exists()


def test_the_box_office_neither_sees_nor_draws_plans(client):
    room = make_auditorium()
    client.force_login(bo())
    assert client.get(f"{ROOMS}{room.pk}/change/").status_code == 403
    assert client.post(f"{ROOMS}drawing/", {"plan": "A ss"}).status_code == 403


def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    for number in range(12):
        make_auditorium(f"Room {number}", plan="A  ss")
    client.get(ROOMS)
    with django_assert_max_num_queries(6):
        client.get(ROOMS)
