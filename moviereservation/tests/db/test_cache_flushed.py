"""Redis may lose everything at any moment: nobody notices."""

import functools
import time

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from accounts.tests.cast import PASSWORD, alice, api_client, as_json, make_person
from reservations.booking.holder import Holder
from reservations.errors import SeatsTaken
from reservations.models import Reservation, ReservedSeat
from reservations.seating.seat_map import seat_map
from reservations.tests.crowd import at_once
from reservations.tests.factories import hold_as
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 6


def flush():
    """On the server itself, as an operator or a restart would; else what a process remembers."""
    for name in settings.CACHES:
        caches[name].clear()


def test_flushed_again_and_again_under_a_crowd_every_seat_has_one_guest():
    showtime, now = make_showtime(), timezone.now()
    guests = [make_person(f"Guest{n}") for n in range(CROWD)]

    def buy(guest):
        for number in range(1, 11):
            seat_map(showtime.pk, now=now)
            try:
                hold_as(Holder(guest_id=guest.pk), showtime.pk, [f"A{number}"], now=now)
            except SeatsTaken:
                continue
            return True
        return False

    def keep_flushing():
        for _n in range(30):
            flush()
            time.sleep(0.005)

    jobs = [functools.partial(buy, guest) for guest in guests]
    assert at_once([*jobs, keep_flushing]) == [True] * CROWD + [None]
    assert Reservation.objects.filter(holding=True).count() == CROWD
    assert ReservedSeat.objects.live().count() == CROWD
    assert seat_map(showtime.pk, now=now).seats_available == 24 - CROWD


def test_nobody_is_logged_out(client):
    guest = alice()
    client.force_login(guest)
    tokens = api_client().post(
        "/auth/login", **as_json({"email": guest.email, "password": PASSWORD})
    )
    flush()
    assert client.get("/bookings/").status_code == 200
    refreshed = api_client().post(
        "/auth/refresh", **as_json({"refreshToken": tokens.json()["refreshToken"]})
    )
    assert refreshed.status_code == 200


def test_a_refresh_token_that_was_used_stays_used():
    guest = alice()
    login = as_json({"email": guest.email, "password": PASSWORD})
    tokens = api_client().post("/auth/login", **login).json()
    used = as_json({"refreshToken": tokens["refreshToken"]})
    assert api_client().post("/auth/refresh", **used).status_code == 200
    flush()
    assert api_client().post("/auth/refresh", **used).status_code == 401


def test_what_a_browser_holds_without_an_account_stays_held(client):
    showtime = make_showtime()
    client.post(f"/book/{showtime.pk}/", {"seats": ["A1"]})
    flush()
    page = client.get(f"/book/{showtime.pk}/")
    assert page.context["page"].own.labels == ["A1"]
