"""The tax contained in a price."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.tax import contained

prices = st.integers(0, 10**7)
rates = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [
        (1190, 1900, 190),
        (1200, 700, 79),  # 78.50…
        (1200, 0, 0),
        (0, 1900, 0),
        (3, 10_000, 2),  # 1.5 is rounded up
        (1, 700, 0),
        (10**7, 2500, 2_000_000),
    ],
)
def test_the_tax_contained_in_a_price(gross: int, rate: int, tax: int) -> None:
    assert contained(gross, rate) == tax


@given(prices, rates)
def test_it_is_never_half_a_unit_away_and_never_more_than_the_price(gross: int, rate: int) -> None:
    exact = Fraction(gross * rate, 10_000 + rate)
    assert -Fraction(1, 2) < contained(gross, rate) - exact <= Fraction(1, 2)
    assert 0 <= contained(gross, rate) <= gross


@given(prices, rates)
def test_what_is_reversed_has_the_same_tax(gross: int, rate: int) -> None:
    assert contained(gross, rate) + contained(-gross, rate) == 0


@given(st.lists(st.tuples(prices, rates), max_size=20), st.data())
def test_lines_given_back_one_after_another_leave_the_tax_of_those_that_are_kept(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    back = data.draw(st.sets(st.sampled_from(range(len(lines))))) if lines else set()
    taxes = [contained(gross, rate) for gross, rate in lines]
    left = sum(taxes) - sum(taxes[place] for place in back)
    assert left == sum(tax for place, tax in enumerate(taxes) if place not in back)
