"""Seats and money: the one way from a hold to a sale, and the ways back."""

from reservations.checkout.cancellation import Cancelled, cancel
from reservations.checkout.opening import Opened, hold_and_open, open_for, start
from reservations.checkout.refunding import cancel_intent
from reservations.checkout.settlement import Settled, settle, settle_for, settle_payment

__all__ = [
    "Cancelled",
    "Opened",
    "Settled",
    "cancel",
    "cancel_intent",
    "hold_and_open",
    "open_for",
    "settle",
    "settle_for",
    "settle_payment",
    "start",
]
