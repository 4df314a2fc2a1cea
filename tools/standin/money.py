"""Amounts: integers in the smallest unit of their currency."""

from .errors import invalid, too_large, too_small
from .fields import Fields

LARGEST = 99_999_999
NO_MINOR_UNIT = (
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
)  # fmt: skip
SMALLEST = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip


def currency(fields: Fields) -> str:
    """A three-letter code, in lower case."""
    code = fields.required("currency").lower()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise invalid(f"Invalid currency: {code}.", "currency")
    return code


def amount(fields: Fields, code: str) -> int:
    """What is to be paid, within Stripe's limits for the currency."""
    fields.required("amount")
    value = fields.integer("amount", least=1) or 0
    if value > LARGEST:
        raise too_large(f"Amount must be no more than {shown(LARGEST, code)}", "amount")
    if value < SMALLEST.get(code, 1):
        raise too_small(f"Amount must be at least {shown(SMALLEST[code], code)}", "amount")
    return value


def shown(value: int, code: str) -> str:
    """`12.50 usd`."""
    return f"{value} {code}" if code in NO_MINOR_UNIT else f"{value / 100:,.2f} {code}"
