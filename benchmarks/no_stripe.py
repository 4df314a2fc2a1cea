"""The product's web application with the one call to Stripe that a hold makes taken out.

For `holds`, which measures what we spend on a hold ourselves. Run by granian in place of
`moviereservation.wsgi:application`; nothing else is changed.
"""

import itertools
import os

from moviereservation.wsgi import application
from payments import gateway

_numbers = itertools.count()


def _create_intent(*, amount: int, currency: str, reference: str, key: str) -> gateway.Intent:
    return gateway.Intent(
        id=f"pi_{os.getpid()}_{next(_numbers)}",
        client_secret="secret",
        status="requires_payment_method",
        amount=amount,
        amount_received=0,
        currency=currency,
        livemode=False,
        reference=reference,
        last_error="",
    )


gateway.create_intent = _create_intent

__all__ = ["application"]
