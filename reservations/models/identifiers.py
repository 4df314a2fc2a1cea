"""The names that guests and doors read: of a reservation, and of each ticket."""

import secrets

# Crockford's alphabet: nothing in it is mistaken for something else when read aloud. It has 32
# letters, so that a random byte falls on each equally often.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """50 random bits, short enough to be read out at the door."""
    return _drawn(10)


def new_ticket_id() -> str:
    """80 random bits."""
    return _drawn(16)


def _drawn(length: int) -> str:
    """So many letters, all at once: a hold draws for itself and for each of its seats."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length))
