"""Where seats and money meet: settle.

The card is authorised first and captured only once the seats are pinned. Stripe is asked outside
of every transaction, and every step may be repeated, by anybody, at any time, in parallel: what a
crash, a lost answer or a late webhook leaves unfinished, the next call of `settle` finishes.
"""

from datetime import datetime

from accounts.actors import Actor
from payments import intents
from payments.errors import StripeRefused, StripeUnavailable
from payments.models import IntentStatus, Payment
from reservations import booking, promises
from reservations.checkout.refunding import refund_orphaned_capture, try_to_cancel_intent
from reservations.errors import (
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SeatsLost,
    StateMoved,
    StillDeciding,
)
from reservations.models import Reservation

UNPAID = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)


def settle(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Bring a reservation to where its money says it belongs. The one way to a confirmed seat.

    Stripe is asked, never the caller. Returns the confirmed reservation, or raises:
    PaymentIncomplete (402), StillDeciding (202), SeatsLost (409, nothing charged), PaymentFailed
    (402, seats released), PaymentMismatch (409, nothing charged), StripeUnavailable (503).
    Settling twice, or in parallel, gives one capture and one confirmed reservation.
    """
    reservation = Reservation.objects.select_related("payment").get(pk=reservation_id)
    if reservation.is_confirmed:
        return reservation
    payment = reservation.payment
    if payment is None:
        raise PaymentIncomplete
    try:
        intent = intents.refresh(payment, now=now)
    except intents.Mismatch:
        _abandon(reservation, now=now, why="payment mismatch")
        raise PaymentMismatch from None
    if intent.status in UNPAID:
        raise PaymentIncomplete
    if intent.status == IntentStatus.PROCESSING:
        raise StillDeciding
    if intent.status == IntentStatus.CANCELED:
        booking.release(reservation.pk, now=now, by=Actor.rule("authorisation cancelled"))
        raise SeatsLost
    return _take(reservation, payment, now=now, by=by)


def settle_payment(payment: Payment, *, now: datetime, by: Actor) -> None:
    """Settle what a payment is for; that it cannot be settled yet, or ever, is an answer too."""
    reservation = Reservation.objects.filter(payment=payment).only("pk").first()
    if reservation is None:
        return
    try:
        settle(reservation.pk, now=now, by=by)
    except (PaymentIncomplete, StillDeciding, SeatsLost, PaymentFailed, PaymentMismatch):
        return


def finish(reservation: Reservation, *, now: datetime, by: Actor) -> None:
    """Find out whether the money of a pinned reservation arrived, whichever way that ends."""
    try:
        settle(reservation.pk, now=now, by=by)
    except (SeatsLost, PaymentFailed, PaymentMismatch):
        return


def _take(reservation: Reservation, payment: Payment, *, now: datetime, by: Actor) -> Reservation:
    """The money is there: pin the seats, capture, confirm."""
    try:
        booking.pin(reservation.pk, now=now, by=by)
    except SeatsLost:
        _abandon(reservation, now=now, why="seats lost")
        raise
    except StateMoved:  # another settle or a cancel moved it just now
        raise StillDeciding from None
    try:
        intents.capture(payment, now=now)
    except StripeRefused:
        _abandon(reservation, now=now, why="capture refused")
        raise PaymentFailed from None
    except StripeUnavailable:
        # Nobody knows whether the money was taken. The seats stay pinned; settle again later.
        raise StillDeciding from None
    try:
        return booking.confirm(reservation.pk, now=now, by=by)
    except StateMoved:
        # Cancelled while we captured: give the money back.
        reservation.refresh_from_db()
        refund_orphaned_capture(reservation, payment, now=now)
        raise SeatsLost from None


def _abandon(reservation: Reservation, *, now: datetime, why: str) -> None:
    """Free the seats and cancel the authorisation; captured money goes back in full."""
    booking.release(reservation.pk, now=now, by=Actor.rule(why))
    reservation.refresh_from_db()
    promises.not_booked(reservation, now=now)
    try_to_cancel_intent(reservation, now=now)
