"""Where seats and money meet: settle.

The card is authorised first and captured only once the seats are pinned. Stripe is asked outside
of every transaction, and every step may be repeated, by anybody, at any time, in parallel: what a
crash, a lost answer or a late webhook leaves unfinished, the next call of `settle` finishes.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from payments import intents
from payments.errors import StripeRefused, StripeUnavailable
from payments.gateway import Intent
from payments.models import IntentStatus, Payment
from reservations import booking, promises
from reservations.booking import statements
from reservations.checkout import bookkeeping
from reservations.checkout.refunding import refund_orphaned_capture, try_to_cancel_intent
from reservations.errors import (
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SeatsLost,
    StateMoved,
    StillDeciding,
    UnknownReservation,
)
from reservations.models import Reservation


@dataclass(frozen=True, slots=True)
class Settled:
    """A confirmed reservation with its seats.

    `is_news` to whoever asked; `is_fresh` if it was sold just now.
    """

    reservation: Reservation
    is_news: bool
    is_fresh: bool


def settle_for(guest_id: int, intent_id: str, *, now: datetime, by: Actor) -> Settled:
    """Settle the reservation of a guest that this intent is to pay, and note who was told.

    Raises UnknownReservation, and what `settle` raises; StillDeciding says which it is.
    """
    reservation = statements.with_money("p.intent_id = %s AND r.guest_id = %s", intent_id, guest_id)
    if reservation is None:
        raise UnknownReservation
    settled = _settle(reservation, now=now, by=by, acknowledging=True)
    is_fresh = settled.acknowledged_at is now
    is_news = is_fresh or (settled.acknowledged_at is None and settled.acknowledge(now=now))
    return Settled(settled, is_news, is_fresh)


def settle(reservation_id: int, *, now: datetime, by: Actor) -> Reservation:
    """Bring a reservation to where its money says it belongs. The one way to a confirmed seat.

    Stripe is asked, never the caller. Returns the confirmed reservation, or raises:
    PaymentIncomplete (402), StillDeciding (202), SeatsLost (409, nothing charged), PaymentFailed
    (402, seats released), PaymentMismatch (409, nothing charged), StripeUnavailable (503).
    Settling twice, or in parallel, gives one capture and one confirmed reservation.
    """
    reservation = statements.with_money("r.id = %s", reservation_id)
    if reservation is None:
        raise UnknownReservation
    return _settle(reservation, now=now, by=by)


def _settle(
    reservation: Reservation, *, now: datetime, by: Actor, acknowledging: bool = False
) -> Reservation:
    if reservation.is_confirmed:
        return reservation
    payment = reservation.payment
    if payment is None or payment.intent_id is None:
        raise PaymentIncomplete
    try:
        intent = intents.ask(payment)
    except intents.Mismatch:
        _abandon(reservation, now=now, why="payment mismatch")
        raise PaymentMismatch from None
    if intent.status in (IntentStatus.REQUIRES_CAPTURE, IntentStatus.SUCCEEDED):
        return _take(reservation, payment, intent, now=now, by=by, acknowledging=acknowledging)
    intents.record(payment, intent, now=now)
    if intent.status == IntentStatus.PROCESSING:
        raise StillDeciding
    if intent.status == IntentStatus.CANCELED:
        booking.release(reservation.pk, now=now, by=Actor.rule("authorisation cancelled"))
        raise SeatsLost
    raise PaymentIncomplete


def settle_payment(payment: Payment, *, now: datetime, by: Actor) -> None:
    """Settle what a payment is for; that it cannot be settled yet, or ever, is an answer too."""
    reservation = statements.with_money("r.payment_id = %s", payment.pk)
    if reservation is None:
        return
    try:
        _settle(reservation, now=now, by=by)
    except (PaymentIncomplete, StillDeciding, SeatsLost, PaymentFailed, PaymentMismatch):
        return


def finish(reservation: Reservation, *, now: datetime, by: Actor) -> None:
    """Find out whether the money of a pinned reservation arrived, whichever way that ends."""
    try:
        settle(reservation.pk, now=now, by=by)
    except (SeatsLost, PaymentFailed, PaymentMismatch):
        return


def _take(
    reservation: Reservation,
    payment: Payment,
    intent: Intent,
    *,
    now: datetime,
    by: Actor,
    acknowledging: bool,
) -> Reservation:
    """The money is there: pin the seats, capture, confirm."""
    _pin(reservation, payment, intent, now=now, by=by)
    try:
        if intent.status != IntentStatus.SUCCEEDED:
            intent = intents.capture(payment, now=now)
    except StripeRefused:
        _abandon(reservation, now=now, why="capture refused")
        raise PaymentFailed from None
    except StripeUnavailable:
        # Nobody knows whether the money was taken. The seats stay pinned; settle again later.
        raise StillDeciding from None
    try:
        return _sell(reservation, payment, intent, now=now, by=by, acknowledging=acknowledging)
    except StateMoved:
        # Cancelled while we captured: give the money back.
        intents.record(payment, intent, now=now)
        reservation.refresh_from_db()
        refund_orphaned_capture(reservation, payment, now=now)
        raise SeatsLost from None


def _pin(
    reservation: Reservation, payment: Payment, intent: Intent, *, now: datetime, by: Actor
) -> None:
    recording = intents.recording(payment, intent, now=now)
    if booking.pin_in_time(reservation, now=now, by=by, along=[recording]):
        intents.know(payment, intent, now=now)
        return
    intents.record(payment, intent, now=now)
    try:
        booking.pin(reservation.pk, now=now, by=by)
    except SeatsLost:
        _abandon(reservation, now=now, why="seats lost")
        raise
    except StateMoved:  # another settle or a cancel moved it just now
        raise StillDeciding from None


def _sell(
    reservation: Reservation,
    payment: Payment,
    intent: Intent,
    *,
    now: datetime,
    by: Actor,
    acknowledging: bool,
) -> Reservation:
    """Confirm what was captured; the sale, its money and the promise of tickets commit together."""
    captured = intent.amount_received
    sold = booking.confirm(
        reservation,
        now=now,
        by=by,
        along=[
            intents.recording(payment, intent, now=now),
            bookkeeping.sale(reservation, payment, captured, now=now, by=by),
            *promises.booked(reservation, now=now),
        ],
        acknowledged_at=now if acknowledging else None,
    )
    intents.know(payment, intent, now=now)
    return sold


def _abandon(reservation: Reservation, *, now: datetime, why: str) -> None:
    """Free the seats and cancel the authorisation; captured money goes back in full."""
    booking.release(reservation.pk, now=now, by=Actor.rule(why))
    reservation.refresh_from_db()
    promises.not_booked(reservation, now=now)
    try_to_cancel_intent(reservation, now=now)
