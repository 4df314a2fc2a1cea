"""Who needs a wheelchair space is offered one first, with a companion's seat if they said so."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.cast import alice, bob
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

PLAN = "A  ssssss\nB  wc_ssw"  # B1 with B2 beside it, B5 with nobody's seat beside it
OFFER = "For you, because your account says so:"


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(plan=PLAN))


def seat_page(client, showtime, needs, guest=None):
    guest = guest or alice()
    User.objects.filter(pk=guest.pk).update(saved_needs=needs)
    client.force_login(guest)
    return client.get(f"/book/{showtime.pk}/").content.decode()


def test_free_wheelchair_spaces_are_offered_with_one_click(client, showtime):
    html = seat_page(client, showtime, "wheelchair")
    assert OFFER in html
    assert "Take B1<" in html
    assert "Take B5<" in html
    client.post(f"/book/{showtime.pk}/", {"seats": ["B5"]})
    assert Reservation.objects.get().labels == ["B5"]


def test_with_a_companion_only_those_with_a_seat_beside(client, showtime):
    html = seat_page(client, showtime, "wheelchair companion")
    assert "Take B1, B2<" in html
    assert "B5<" not in html


def test_what_is_taken_is_not_offered(client, showtime):
    hold_for(bob(), showtime, "B2")
    assert OFFER not in seat_page(client, showtime, "wheelchair companion")


@pytest.mark.parametrize("needs", ["", "captions more_time", "companion"])
def test_nobody_else_is_offered_any(client, showtime, needs):
    assert OFFER not in seat_page(client, showtime, needs)


def test_the_page_of_others_says_nothing_of_it(client, showtime):
    seat_page(client, showtime, "wheelchair")
    assert OFFER not in Client().get(f"/book/{showtime.pk}/").content.decode()


def test_it_costs_no_query(client, showtime, django_assert_num_queries):
    seat_page(client, showtime, "wheelchair")
    with django_assert_num_queries(3):  # session, person, own hold
        client.get(f"/book/{showtime.pk}/")


def test_whats_on_has_a_shortcut_to_what_is_needed(client):
    make_showtime(has_captions=True)
    guest = alice()
    User.objects.filter(pk=guest.pk).update(saved_needs="captions audio_description")
    assert "only showtimes with" not in client.get("/").content.decode()
    client.force_login(guest)
    html = client.get("/").content.decode()
    assert html.count("only showtimes with") == 2
    assert "access=captions" in html
    assert client.get("/?access=captions").content.decode().count("only showtimes with") == 1
