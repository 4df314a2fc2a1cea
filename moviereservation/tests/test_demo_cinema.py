"""The demo is a cinema like any other: what must never be true is not true of it either."""

import pytest
from django.utils import timezone

from moviereservation.db import audit_rules
from moviereservation.demo.cinema import open_cinema
from reservations.models import Reservation

pytestmark = pytest.mark.django_db


def test_the_audit_finds_nothing_in_a_cinema_that_was_just_opened():
    now = timezone.now()
    assert open_cinema(now=now)
    assert Reservation.objects.count() > 100
    assert not [(rule, finding) for rule, finding in audit_rules.findings(now=now) if finding]
