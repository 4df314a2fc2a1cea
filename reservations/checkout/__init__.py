"""Seats and money: the one way from a hold to a sale, and the ways back."""

from reservations.checkout.cancellation import Cancelled, cancel
from reservations.checkout.opening import Opened, hold_and_open, open_for, start
from reservations.checkout.refunding import cancel_intent
from reservations.checkout.settlement import settle, settle_payment

__all__ = [
    "Cancelled",
    "Opened",
    "cancel",
    "cancel_intent",
    "hold_and_open",
    "open_for",
    "settle",
    "settle_payment",
    "start",
]
