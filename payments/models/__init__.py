"""Money: what a guest owes, what came in, what went back. Nothing here knows of seats."""

from payments.models.ledger_entry import Account, Kind, LedgerEntry, LedgerEntryQuerySet
from payments.models.payment import FINAL, IntentStatus, Payment, PaymentQuerySet, amount_of_payment
from payments.models.refund import Refund, RefundQuerySet, RefundStatus
from payments.models.webhook_event import WebhookEvent, WebhookEventQuerySet

__all__ = [
    "FINAL",
    "Account",
    "IntentStatus",
    "Kind",
    "LedgerEntry",
    "LedgerEntryQuerySet",
    "Payment",
    "PaymentQuerySet",
    "Refund",
    "RefundQuerySet",
    "RefundStatus",
    "WebhookEvent",
    "WebhookEventQuerySet",
    "amount_of_payment",
]
