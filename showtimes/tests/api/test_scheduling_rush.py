"""Managers who schedule in the same moment: an auditorium is never in two shows at once."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import api_client, mia
from accounts.tests.crowd import at_once
from movies.tests.factories import make_movie
from showtimes.models import Showtime
from showtimes.scheduling import planning
from showtimes.tests.factories import make_auditorium

pytestmark = pytest.mark.django_db(transaction=True)


def overlaps() -> int:
    return sum(
        Showtime.objects.overlapping(one.auditorium_id, one.starts_at, one.ends_at)
        .exclude(pk=one.pk)
        .exists()
        for one in Showtime.objects.all()
    )


def tomorrow(minutes: int = 0) -> str:
    start: datetime = timezone.now().replace(microsecond=0) + timedelta(days=1, minutes=minutes)
    return start.isoformat()


def test_of_ten_overlapping_showtimes_in_one_auditorium_one_is_made():
    client, movie, room = api_client(mia()), make_movie(), make_auditorium()

    def schedule(number: int) -> int:
        wish = {"startsAt": tomorrow(number * 5), "auditoriumId": room.pk}
        return client.post(f"/movies/{movie.pk}/showtimes", wish).status_code

    assert Counter(at_once(10, schedule)) == {201: 1, 409: 9}
    assert overlaps() == 0


def test_control_without_the_guard_an_auditorium_is_in_many_shows_at_once(monkeypatch):
    monkeypatch.setattr(planning, "refuse_overlap", lambda _showtime: None)
    client, movie, room = api_client(mia()), make_movie(), make_auditorium()
    wish = {"startsAt": tomorrow(), "auditoriumId": room.pk}
    for _n in range(3):
        client.post(f"/movies/{movie.pk}/showtimes", wish)
    assert overlaps() == 3


def test_who_asks_only_for_a_capacity_always_gets_an_auditorium():
    client, movie, start = api_client(mia()), make_movie(), tomorrow()

    def schedule(_number: int) -> int:
        wish = {"startsAt": start, "capacity": 12}
        return client.post(f"/movies/{movie.pk}/showtimes", wish).status_code

    assert Counter(at_once(6, schedule)) == {201: 6}
    assert Showtime.objects.values("auditorium").distinct().count() == 6
    assert overlaps() == 0
