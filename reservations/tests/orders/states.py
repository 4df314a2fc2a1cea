"""What is left at the end of an order, written so that the same of two orders reads the same.

Keys and random names are numbered as they come. What differs otherwise, such as the digest of a
ticket's number, makes two states out of one: then more is looked at than had to be, never less.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Field

from accounts.models import OutgoingMessage
from payments.models import LedgerEntry, Payment, Refund, WebhookEvent
from reservations.models import Reservation, ReservedSeat, StateChange
from showtimes.models import Showtime
from tools.standin.process import Running

TABLES = (
    Showtime, Payment, Reservation, ReservedSeat, StateChange, Refund, WebhookEvent, LedgerEntry,
    OutgoingMessage,
)  # fmt: skip
NAMING = {"reference", "intent_id", "client_secret", "refund_id", "event_id", "ticket_id"}
AT_STRIPE = ("id", "status", "amount", "amount_received", "amount_capturable", "payment_intent")


def left_in(stripe: Running) -> str:
    """Our records and Stripe's, as text."""
    names: dict[str, str] = {}
    keys: defaultdict[Any, itertools.count[int]] = defaultdict(itertools.count)
    numbers: dict[tuple[Any, Any], int] = {}

    def cell(field: "Field[Any, Any]", value: Any) -> str:
        model = field.related_model or field.model
        if value is not None and (field.primary_key or field.is_relation):
            if (model, value) not in numbers:
                numbers[model, value] = next(keys[model])
            return f"{field.name}#{numbers[model, value]}"
        if field.name in NAMING and value:
            names.setdefault(str(value), f"{field.name}#{len(names)}")
        return repr(value)

    lines = []
    for model in TABLES:
        fields = model._meta.concrete_fields
        for row in model._default_manager.order_by("pk").values_list(*(f.attname for f in fields)):
            cells = map(cell, fields, row)
            lines.append(f"{model.__name__} {' | '.join(cells)}")
    lines += _at_stripe(stripe)
    text = "\n".join(lines)
    if not names:
        return text
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(known, lambda found: names[found[0]], text)


def _at_stripe(stripe: Running) -> Iterator[str]:
    for path in ("/v1/payment_intents", "/v1/refunds"):
        for one in stripe.call("GET", path, limit=100)["data"]:
            yield f"{path} {[one.get(name) for name in AT_STRIPE]}"
