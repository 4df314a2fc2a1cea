"""What a reservation's sale and its cancellation are in the ledger: each seat is an item."""

from datetime import datetime

from accounts.actors import Actor
from moviereservation.db.batches import Statement
from payments import ledger
from payments.ledger import Item, Tender
from payments.models import Account, Payment
from reservations.models import Reservation, ReservedSeatQuerySet


def sale(
    reservation: Reservation, payment: Payment, captured: int, *, now: datetime, by: Actor
) -> Statement:
    """The lines of a sale, for the transaction that confirms it; its seats are known."""
    items = [
        Item(claim.ticket_id, claim.ticket_type.code, claim.price, claim.tax, claim.tax_rate)
        for claim in reservation.kept_seats
    ]
    act = ledger.sale(
        reservation.reference,
        items,
        _tenders(payment, captured, sum(item.price for item in items)),
        currency=reservation.currency,
        at=now,
        by=by,
    )
    return ledger.statement(act)


def write_cancellation(
    reservation: Reservation,
    payment: Payment | None,
    leaving: ReservedSeatQuerySet,
    *,
    key: str,
    now: datetime,
    by: Actor,
) -> None:
    """Inside the transaction that frees these seats. `key` is that of the refund, if one is due."""
    ledger.write(
        ledger.cancellation(
            key,
            _items(leaving),
            subject=reservation.reference,
            payment=payment,
            currency=reservation.currency,
            at=now,
            by=by,
        )
    )


def _tenders(payment: Payment, captured: int, price: int) -> list[Tender]:
    """What came in, and what did not: that is owed by the guest, and the audit names it."""
    tenders = [Tender(Account.STRIPE_BALANCE, captured, payment.pk)] if captured else []
    if missing := price - captured:
        tenders.append(Tender(Account.OWED, missing, payment.pk))
    return tenders


def _items(claims: ReservedSeatQuerySet) -> list[Item]:
    return [
        Item(*row)
        for row in claims.order_by("pk").values_list(
            "ticket_id", "ticket_type__code", "price", "tax", "tax_rate"
        )
    ]
