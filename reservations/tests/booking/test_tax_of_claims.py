"""What is fixed when a seat is taken: who it is sold to, and the tax in its price."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError

from accounts.tests.cast import alice, bob
from reservations.models import ReservedSeat
from reservations.tests.factories import hold_for
from showtimes.models import TicketType
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_a_seat_is_sold_to_an_adult_unless_told_otherwise():
    claim = hold_for(alice(), make_showtime(), "A1").seats.get()
    assert claim.ticket_type == TicketType.objects.get(code="adult")


def test_the_tax_of_each_seat_is_rounded_and_stored(settings):
    settings.TAX_RATE_BASIS_POINTS = 700
    seats = hold_for(alice(), make_showtime(), "A1", "A2").seats.all()
    assert [(claim.price, claim.tax_rate, claim.tax) for claim in seats] == [(1200, 700, 79)] * 2


def test_a_rate_that_changes_later_does_not_change_a_hold(settings):
    settings.TAX_RATE_BASIS_POINTS = 700
    claim = hold_for(alice(), make_showtime(), "A1").seats.get()
    settings.TAX_RATE_BASIS_POINTS = 1900
    claim.refresh_from_db()
    assert (claim.tax_rate, claim.tax) == (700, 79)


def test_no_tax_is_above_its_price():
    claim = hold_for(alice(), make_showtime(), "A1").seats.get()
    with pytest.raises(IntegrityError):
        ReservedSeat.objects.filter(pk=claim.pk).update(tax=claim.price + 1)


def test_what_was_taken_before_taxes_were_stored_gets_the_rate_of_the_house(settings):
    show = make_showtime(prices={"standard": 1201, "premium": 1500})
    hold_for(alice(), show, "A1", "C1")
    settings.TAX_RATE_BASIS_POINTS = 1900
    hold_for(bob(), show, "A2")
    settings.TAX_RATE_BASIS_POINTS = 700
    store_tax = importlib.import_module("reservations.migrations.0006_tax_of_claims").store_tax
    for _again in range(2):
        store_tax(apps, None)
        claims = ReservedSeat.objects.order_by("pk")
        assert [(claim.tax_rate, claim.tax) for claim in claims] == [
            (700, 79), (700, 98), (1900, 192)
        ]  # fmt: skip
