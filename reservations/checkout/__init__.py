from reservations.checkout.settlement import (
    Cancelled,
    cancel,
    cancel_intent,
    cancel_replaced_intents,
    finish,
    refuse_too_late,
    settle,
    settle_payment,
    start,
)

__all__ = [
    "Cancelled",
    "cancel",
    "cancel_intent",
    "cancel_replaced_intents",
    "finish",
    "refuse_too_late",
    "settle",
    "settle_payment",
    "start",
]
