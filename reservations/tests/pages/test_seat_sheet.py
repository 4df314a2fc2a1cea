"""The seat page is drawn once for everybody, and everybody finds on it what is their own."""

import re

import pytest
from django.test import Client

from accounts.tests.cast import alice, bob
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def page(client, showtime, **query):
    return client.get(f"/book/{showtime.pk}/", query).content.decode()


def token_in(html):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]


def test_nothing_of_a_guest_is_on_the_page_of_the_next(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    hold = hold_for(guest, showtime, "A1", "A2")
    own = page(client, showtime)
    assert hold.reference in own
    assert "Log out" in own or "Account" in own
    others = page(Client(), showtime)
    assert hold.reference not in others
    assert token_in(own) not in others
    assert "Log in" in others
    assert 'data-mine=""' in others


def test_every_browser_has_a_token_of_its_own_and_may_book_with_it():
    showtime = make_showtime()
    for labels in (["A1", "A2"], ["C1", "C2"]):
        browser = Client(enforce_csrf_checks=True)
        sent = {"seats": labels, "csrfmiddlewaretoken": token_in(page(browser, showtime))}
        assert browser.post(f"/book/{showtime.pk}/", sent).status_code == 302
    assert Reservation.objects.count() == 2


def test_no_hole_is_left_open(client):
    html = page(client, make_showtime())
    assert not re.search(r"[0-9a-f]{16}(canopy|messages|notice|token|party-\d|view|is-|mine)", html)
    assert 'data-view="map"' in html
    assert re.search(r'value="2" checked', html)


def test_a_message_is_shown_once(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    hold = hold_for(guest, showtime, "A1", "A2")
    gone = client.post(f"/checkout/{hold.reference}/release/", follow=True).content.decode()
    assert "You gave the seats back." in gone
    assert "You gave the seats back." not in page(client, showtime)


def test_a_change_of_any_seat_is_on_the_next_page(client, django_capture_on_commit_callbacks):
    showtime = make_showtime()
    assert "held by somebody</i>" not in page(client, showtime)
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(bob(), showtime, "A1")
    assert "Row A, seat 1, <i>standard, held by somebody</i>" in page(client, showtime)


def test_a_change_of_what_is_shown_is_on_the_next_page(client):
    showtime = make_showtime()
    assert "With live" not in page(client, showtime)
    showtime.format = "With live organ"
    showtime.save()
    assert "With live organ" in page(client, showtime)


def test_map_or_list_is_remembered(client):
    showtime = make_showtime()
    assert 'data-view="list"' in page(client, showtime, view="list")
    assert 'data-view="list"' in page(client, showtime)
    assert 'data-view="map"' in page(client, showtime, view="map")
    assert 'data-view="map"' in page(client, showtime, view="nonsense")
    assert 'data-view="map"' in page(client, showtime)


def test_the_party_that_was_refused_is_still_asked_for(client):
    html = client.post(f"/book/{make_showtime().pk}/", {"seats": ["A2", "A3", "Z1"]})
    assert re.search(r'value="3" checked', html.content.decode())
    assert not re.search(r'value="2" checked', html.content.decode())


def test_a_guest_who_is_known_costs_what_it_takes_to_know_them(client, django_assert_num_queries):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    page(client, showtime)
    with django_assert_num_queries(3):  # session, person, own hold
        page(client, showtime)
