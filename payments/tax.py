"""Prices include their tax. Rates are in basis points: 1900 is 19 %."""

WHOLE = 10_000


def contained(gross: int, rate: int) -> int:
    """The tax contained in a price, minor units, rounded half up.

    Rounded once for each line and stored; what is reversed has the same tax with the other sign.
    """
    if gross < 0:
        return -contained(-gross, rate)
    return (2 * gross * rate + WHOLE + rate) // (2 * (WHOLE + rate))
