"""Guests who need longer get longer, ten times (WCAG 2.2.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import alice
from reservations.booking import extension
from reservations.errors import HoldOver, NoMoreTime
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_more_time_begins_the_hold_anew():
    now = timezone.now()
    reservation = hold_for(alice(), make_showtime(), "A1", now=now)
    later = now + timedelta(minutes=9)
    assert extension.extend(reservation, now=later).held_until == later + timedelta(minutes=10)


def test_more_time_is_given_ten_times_and_not_an_eleventh():
    now = timezone.now()
    reservation = hold_for(alice(), make_showtime(), "A1", now=now)
    for _n in range(10):
        reservation = extension.extend(reservation, now=now)
    with pytest.raises(NoMoreTime):
        extension.extend(reservation, now=now)


def test_a_hold_that_is_over_is_not_extended():
    now = timezone.now()
    reservation = hold_for(alice(), make_showtime(), "A1", now=now)
    with pytest.raises(HoldOver):
        extension.extend(reservation, now=now + timedelta(minutes=10))


def test_a_double_click_extends_once():
    now = timezone.now()
    reservation = hold_for(alice(), make_showtime(), "A1", now=now)
    stale = type(reservation).objects.get(pk=reservation.pk)
    extension.extend(reservation, now=now)
    assert extension.extend(stale, now=now).extensions == 1
