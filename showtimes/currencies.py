"""What Stripe asks of amounts in a currency. https://docs.stripe.com/currencies

Amounts are integers of Stripe's minor units: of what is printed after the point, but for a few.
"""

WHOLE_UNITS = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd",
               "vuv", "xaf", "xof", "xpf"}  # fmt: skip
THOUSANDTHS = {"bhd", "jod", "kwd", "omr", "tnd"}
# Counted in hundredths that nobody can pay any more.
WHOLE_HUNDREDS = {"isk"}

# The least that Stripe charges, where that is not fifty minor units.
LISTED = {"aed": 200, "bgn": 100, "czk": 1500, "dkk": 250, "gbp": 30, "hkd": 400, "huf": 17500,
          "mxn": 1000, "myr": 200, "nok": 300, "pln": 200, "ron": 200, "sek": 300,
          "thb": 1000}  # fmt: skip
# In all others what half a dollar is worth on the day; this is about as much.
CONVERTED = {"clp": 500, "cop": 200_000, "idr": 1_000_000, "isk": 10_000, "krw": 1000, "try": 2000,
             "twd": 2000, "uah": 2500, "vnd": 15_000, "zar": 1000}  # fmt: skip


def digits(currency: str) -> int:
    """How many decimals a minor unit stands for."""
    return 0 if currency in WHOLE_UNITS else 3 if currency in THOUSANDTHS else 2


def least(currency: str) -> int:
    """The lowest price, minor units: one seat alone can still be charged."""
    usual = 200 if currency in THOUSANDTHS else 50
    return (LISTED | CONVERTED).get(currency, usual)


def most(currency: str) -> int:
    """A price above it is a slip of the keyboard; twenty of them still fit an integer column."""
    return min(20_000 * least(currency), 99_999_999)


def step(currency: str) -> int:
    """Of how many minor units an amount is a multiple."""
    return 100 if currency in WHOLE_HUNDREDS else 10 if currency in THOUSANDTHS else 1


def like_cents(cents: dict[str, int], currency: str) -> dict[str, int]:
    """Prices of a cinema that counts in dollars or euros, in the right order of size."""
    worth = max(1, least(currency) // 50)
    return {kind: price * worth for kind, price in cents.items()}
