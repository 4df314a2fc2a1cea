"""What goes back to a guest: money that was captured, and authorisations that nobody needs.

A refund is recorded in the transaction that causes it and submitted to Stripe after it. Beside
what a guest cancels this is money that came for nothing: captured for a reservation that has ended.
"""

from contextlib import suppress
from datetime import datetime

from moviereservation.db.transactions import rerun
from payments import intents, ledger, refunds
from payments.errors import StripeRefused, StripeUnavailable
from payments.models import Account, IntentStatus, Payment, Refund
from reservations.booking.locking import locked
from reservations.models import ENDED, Reservation


def submit(refund: Refund, *, now: datetime) -> Refund:
    """Pay a recorded refund. While Stripe is away it stays due, and housekeeping repeats it."""
    try:
        return refunds.submit(refund, now=now)
    except StripeUnavailable:
        return refund


def cancel_intent(reservation: Reservation, *, now: datetime) -> None:
    """Cancel the intent of a reservation that has ended, or pay back what was captured for it.

    Raises StripeUnavailable, StripeRefused.
    """
    payment = reservation.payment
    if reservation.state not in ENDED or payment is None:
        return
    if not payment.is_final:
        intents.cancel(payment, now=now)
    refund_orphaned_capture(reservation, payment, now=now)


def try_to_cancel_intent(reservation: Reservation, *, now: datetime) -> None:
    """The same; what Stripe does not do now, housekeeping repeats."""
    with suppress(StripeUnavailable, StripeRefused):
        cancel_intent(reservation, now=now)


def cancel_replaced_intents(reservation: Reservation, *, now: datetime) -> None:
    """Cancel the intents of holds whose place this hold took."""
    replaced = Reservation.objects.filter(
        guest=reservation.guest_id,
        showtime=reservation.showtime_id,
        state__in=ENDED,
        payment__in=Payment.objects.open(),
    ).select_related("payment")
    for old in replaced[:5]:
        try_to_cancel_intent(old, now=now)


def refund_orphaned_capture(reservation: Reservation, payment: Payment, *, now: datetime) -> None:
    """Money that was captured although the reservation has ended goes back, once."""
    if payment.status != IntentStatus.SUCCEEDED or reservation.state not in ENDED:
        return
    orphaned = _record_orphaned_capture(reservation.pk, now=now)
    if orphaned is not None:
        submit(orphaned, now=now)


def locked_payment(reservation: Reservation) -> Payment | None:
    """The payment of a locked reservation, locked after it, inside the caller's transaction."""
    if reservation.payment_id is None:
        return None
    payment = Payment.objects.select_for_update().get(pk=reservation.payment_id)
    reservation.payment = payment
    return payment


@rerun
def _record_orphaned_capture(reservation_id: int, *, now: datetime) -> Refund | None:
    reservation = locked(reservation_id)
    payment = locked_payment(reservation)
    # The caller's look is old by now: with late money the seats may have been taken again.
    if payment is None or reservation.state not in ENDED:
        return None
    # The key lasts, spelled as in 1.0.0: a refund that was recorded then is found by it.
    left, key = payment.refundable, f"stray-{reservation.reference}"
    # A refund that was refused is for a manager to decide upon, and not to be tried for ever.
    if left <= 0 or payment.refunds.filter(key=key).exists():
        return None
    if not payment.entries.on(Account.STRIPE_BALANCE).exists():
        # It was never a sale: a cancelled sale whose refund failed is in the ledger already.
        ledger.write(ledger.orphaned_capture(payment, payment.amount_captured, key=key, at=now))
    return refunds.record(payment, left, reason="seats_lost", key=key, now=now)
