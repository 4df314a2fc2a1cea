"""Ids that look like Stripe's: a prefix and random letters and digits."""

import os

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LETTERS = [ALPHABET[byte % 62] for byte in range(256)]


def new(prefix: str, length: int = 24) -> str:
    """A fresh id such as `pi_3Qm…`. The small bias of the modulo does not matter here."""
    return prefix + "_" + "".join([LETTERS[byte] for byte in os.urandom(length)])


def secret_of(intent_id: str) -> str:
    """The client secret that lets a browser see and confirm this one intent."""
    return new(f"{intent_id}_secret", 25)
