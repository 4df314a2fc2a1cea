"""A cinema sells in its own currency, whatever its decimals, at prices that Stripe can charge."""

import pytest
from django import forms

from showtimes import currencies
from showtimes.admin.forms import PriceField
from showtimes.models import SeatKind, checked_prices

CURRENCIES = ("usd", "eur", "gbp", "chf", "huf", "czk", "jpy", "krw", "kwd", "bhd", "isk", "idr")


@pytest.fixture(params=CURRENCIES)
def currency(request, settings):
    settings.CURRENCY = request.param
    return request.param


@pytest.mark.parametrize(
    ("code", "too_little", "enough"),
    [("usd", 49, 50), ("gbp", 29, 30), ("jpy", 49, 50), ("huf", 17_499, 17_500),
     ("czk", 1499, 1500), ("kwd", 190, 200)],
)  # fmt: skip
def test_a_seat_costs_at_least_what_stripe_charges(settings, code, too_little, enough):
    settings.CURRENCY = code
    assert checked_prices({"standard": enough})
    with pytest.raises(ValueError, match=f"from {enough} to"):
        checked_prices({"standard": too_little})


@pytest.mark.parametrize(("code", "odd", "even"), [("kwd", 4805, 4800), ("isk", 240_050, 240_000)])
def test_no_price_has_digits_that_cannot_be_paid(settings, code, odd, even):
    settings.CURRENCY = code
    assert checked_prices({"standard": even})
    with pytest.raises(ValueError, match="multiple of 1"):
        checked_prices({"standard": odd})
    with pytest.raises(forms.ValidationError):
        PriceField(SeatKind.STANDARD).clean(str(PriceField(SeatKind.STANDARD).printed(odd)))


def test_the_usual_prices_can_be_charged(currency):
    usual = {"standard": 1200, "premium": 1500, "sofa": 1800}
    assert checked_prices(currencies.like_cents(usual, currency))


def test_twenty_of_the_dearest_seats_fit_the_column(currency):
    assert 20 * currencies.most(currency) < 2**31


def test_a_price_is_typed_as_it_is_printed(currency):
    field = PriceField(SeatKind.STANDARD)
    usual = currencies.like_cents({"standard": 1200}, currency)["standard"]
    assert field.minor(field.clean(str(field.printed(usual)))) == usual


def test_more_decimals_than_the_currency_has_are_refused(currency):
    with pytest.raises(forms.ValidationError):
        PriceField(SeatKind.STANDARD).clean("1200.5555")
