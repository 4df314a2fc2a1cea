"""What goes back to a guest: promised in the transaction that causes it, paid at Stripe after it.

Beside what a guest cancels this is money that came for nothing: captured for a reservation that
has ended.
"""

from datetime import datetime

from moviereservation.db.transactions import rerun
from payments import refunds
from payments.errors import StripeUnavailable
from payments.models import IntentStatus, Payment, Refund
from reservations import booking
from reservations.models import ENDED, Reservation


def submit(refund: Refund, *, now: datetime) -> Refund:
    """Pay a promised refund. While Stripe is away it stays due, and housekeeping repeats it."""
    try:
        return refunds.submit(refund, now=now)
    except StripeUnavailable:
        return refund


def refund_orphaned_capture(reservation: Reservation, payment: Payment, *, now: datetime) -> None:
    """Money that was captured although the reservation has ended goes back, once."""
    if payment.status != IntentStatus.SUCCEEDED or reservation.state not in ENDED:
        return
    stray = _record_orphaned_capture(reservation.pk, now=now)
    if stray is not None:
        submit(stray, now=now)


def locked_payment(reservation: Reservation) -> Payment | None:
    """The payment of a locked reservation, locked after it, inside the caller's transaction."""
    if reservation.payment_id is None:
        return None
    payment = Payment.objects.select_for_update().get(pk=reservation.payment_id)
    reservation.payment = payment
    return payment


@rerun
def _record_orphaned_capture(reservation_id: int, *, now: datetime) -> Refund | None:
    reservation = booking.locked(reservation_id)
    payment = locked_payment(reservation)
    # The caller's look is old by now: with late money the seats may have been taken again.
    if payment is None or reservation.state not in ENDED:
        return None
    left, key = payment.amount_captured - payment.amount_refunded, f"stray-{reservation.reference}"
    # One that was refused is for a manager to decide upon, and not to be promised again and again.
    if left <= 0 or payment.refunds.filter(key=key).exists():
        return None
    return refunds.record(payment, left, reason="seats_lost", key=key, now=now)
