"""The demo cinema opens in any currency, at prices of the right order of size."""

from datetime import date

import pytest

from moviereservation.demo.programme import programme
from showtimes import currencies
from showtimes.models import checked_prices


@pytest.mark.parametrize("currency", ["usd", "eur", "huf", "jpy", "kwd", "isk", "idr"])
def test_every_price_of_its_programme_can_be_charged(settings, currency):
    settings.CURRENCY = currency
    for planned in programme(date(2026, 11, 22)):
        assert checked_prices(currencies.like_cents(planned.prices, currency))
