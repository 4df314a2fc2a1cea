"""Whoever has said that they need more time has it from the start, and no more of it in all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.cast import alice, bob
from reservations.booking import extension
from reservations.errors import NoMoreTime
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

TEN, HALF_AN_HOUR = timedelta(minutes=10), timedelta(minutes=30)


@pytest.fixture
def guest(client):
    guest = alice()
    client.force_login(guest)
    client.post("/account/", {"name": "Alice", "more_time": "on"})
    return guest


def go_to_checkout(client, reservation):
    assert client.get(f"/checkout/{reservation.reference}/").status_code == 200
    return Reservation.objects.get(pk=reservation.pk)


def lasts(reservation):
    return reservation.held_until - reservation.created_at


def test_a_hold_lasts_three_times_as_long(client, guest, stripe_standin):
    held = go_to_checkout(client, hold_for(guest, make_showtime()))
    assert (lasts(held), held.extensions) == (HALF_AN_HOUR, 2)


def test_for_everybody_else_it_lasts_as_long_as_ever(client, stripe_standin):
    guest = bob()
    client.force_login(guest)
    held = go_to_checkout(client, hold_for(guest, make_showtime()))
    assert (lasts(held), held.extensions) == (TEN, 0)


def test_it_is_lengthened_once_however_often_the_page_is_loaded(client, guest, stripe_standin):
    held = hold_for(guest, make_showtime())
    for _time in range(3):
        held = go_to_checkout(client, held)
    assert (lasts(held), held.extensions) == (HALF_AN_HOUR, 2)


def test_also_while_stripe_is_away_once(client, guest, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    held = hold_for(guest, make_showtime())
    for _time in range(3):
        client.get(f"/checkout/{held.reference}/")
    held.refresh_from_db()
    assert (lasts(held), held.extensions) == (HALF_AN_HOUR, 2)


def test_other_seats_have_the_longer_time_too_until_all_extensions_are_used(
    client, guest, stripe_standin
):
    showtime, now = make_showtime(), timezone.now()
    for number in range(6):
        held = hold_for(guest, showtime, f"A{1 + number % 2}", now=now)
        held = go_to_checkout(client, held)
    assert held.extensions == 10
    with pytest.raises(NoMoreTime):
        extension.extend(held, now=now)


def test_a_hold_whose_time_is_over_is_not_lengthened(guest):
    now = timezone.now()
    held = hold_for(guest, make_showtime(), now=now - timedelta(minutes=11))
    extension.extend_for_needs(held, now=now)
    held.refresh_from_db()
    assert lasts(held) == TEN


def test_a_guest_who_needs_it_costs_the_page_no_query_more(client, stripe_standin):
    def queries(guest, **needs):
        client.force_login(guest)
        client.post("/account/", {"name": guest.name, **needs})
        held = hold_for(guest, make_showtime(auditorium=make_auditorium(guest.name)))
        with CaptureQueriesContext(connection) as made:
            go_to_checkout(client, held)
        return [one["sql"].split()[0] for one in made]

    lengthening = ["SAVEPOINT", *["SELECT"] * 2, "UPDATE", "SELECT", "RELEASE SAVEPOINT"]
    assert len(queries(alice(), more_time="on")) == len(queries(bob())) + len(lengthening)
