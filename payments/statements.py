"""The SQL of money that is written by hand, a function for each statement.

Each says one thing that Stripe said, so that it can stand in the transaction of what follows from
it. Tested through `intents` and `reservations.checkout`.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from moviereservation.db.batches import Statement, send
from moviereservation.db.rows import Columns
from payments.gateway import Intent
from payments.models import FINAL, Payment, WebhookEvent

PAYMENT = Columns(Payment, "p")


def record_intent(payment: Payment, intent: Intent, *, now: datetime) -> Statement:
    """The intent that Stripe made for a record, if no other request has recorded it yet."""
    return Statement(
        "UPDATE payments_payment SET intent_id = %s, client_secret = %s, status = %s,"
        " livemode = %s, looked_at = %s WHERE id = %s AND intent_id IS NULL",
        [
            *(intent.id, intent.client_secret, intent.status),
            *(intent.livemode, _stored(now), payment.pk),
        ],
    )


def mirror(payment: Payment, intent: Intent, *, now: datetime) -> Statement:
    """What Stripe says of a payment; an answer that was overtaken never undoes a final status."""
    overtaken, final = "", []
    if intent.status not in FINAL:
        overtaken, final = " AND status NOT IN (%s, %s)", [status.value for status in FINAL]
    return Statement(
        "UPDATE payments_payment SET status = %s, amount_captured = %s, last_error = %s,"
        f" looked_at = %s WHERE id = %s{overtaken}",
        [
            *(intent.status, intent.amount_received, intent.last_error[:100]),
            *(_stored(now), payment.pk, *final),
        ],
    )


def payment_of(intent_id: str) -> Payment | None:
    """The payment of an intent of Stripe's, if it is ours."""
    of_intent = f"SELECT {PAYMENT.sql} FROM payments_payment p WHERE p.intent_id = %s"
    (found,) = send(Statement(of_intent, [intent_id]))
    return PAYMENT.record(found.rows[0]) if found.rows else None


def tick_off(event: WebhookEvent, *, now: datetime) -> Statement:
    """A message is handled; that it was before stays."""
    return Statement(
        "UPDATE payments_webhookevent SET handled_at = %s WHERE id = %s AND handled_at IS NULL",
        [_stored(now), event.pk],
    )


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
