from reservations.checkout.settlement import (
    Cancelled,
    cancel,
    drop_replaced,
    finish,
    let_intent_go,
    refuse_too_late,
    settle,
    settle_payment,
    start,
)

__all__ = [
    "Cancelled",
    "cancel",
    "drop_replaced",
    "finish",
    "let_intent_go",
    "refuse_too_late",
    "settle",
    "settle_payment",
    "start",
]
