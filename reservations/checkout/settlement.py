"""Where seats and money meet: start, settle, cancel, lapse.

The card is authorised first and captured only once the seats are pinned. Stripe is asked outside
of every transaction, and every step may be repeated, by anybody, at any time, in parallel: what a
crash, a lost answer or a late webhook leaves unfinished, the next call of `settle` finishes.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from moviereservation.db.transactions import rerun
from payments import intents, refunds
from payments.errors import StripeRefused, StripeUnavailable
from payments.models import IntentStatus, Payment, Refund
from reservations import booking
from reservations.booking import claims
from reservations.checkout.refunding import locked_payment, refund_orphaned_capture, submit
from reservations.errors import (
    NotYours,
    PaymentFailed,
    PaymentIncomplete,
    PaymentMismatch,
    SeatsLost,
    ShowtimeStarted,
    StateMoved,
    StillDeciding,
    TicketUsed,
)
from reservations.models import ENDED, Reservation, ReservedSeat, State
from reservations.tickets import emails

UNPAID = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)


@dataclass(frozen=True)
class Cancelled:
    reservation: Reservation
    refund: Refund | None


def start(reservation: Reservation, guest: User, *, now: datetime) -> Payment:
    """The PaymentIntent of a hold, made if it is not there yet. Asked again, the same intent.

    Raises NotYours, and StripeUnavailable (503): then the seats stay held, ask again.
    """
    if reservation.guest_id != guest.pk:
        raise NotYours
    if reservation.payment is not None:
        return reservation.payment
    intent = intents.create(
        reference=reservation.reference,
        amount=reservation.amount,
        currency=reservation.currency,
    )
    try:
        with transaction.atomic():
            reservation.payment = intents.record(intent, payer_id=guest.pk, now=now)
            claims.link_payment(reservation)
            emails.remember_language(reservation)
    except IntegrityError:  # the same guest in another tab
        reservation.payment = Payment.objects.get(reference=reservation.reference)
    return reservation.payment


def settle(reservation_id: int, *, now: datetime, by: str) -> Reservation:
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
        _abandon(reservation, now=now, by="payment mismatch")
        raise PaymentMismatch from None
    if intent.status in UNPAID:
        raise PaymentIncomplete
    if intent.status == IntentStatus.PROCESSING:
        raise StillDeciding
    if intent.status == IntentStatus.CANCELED:
        booking.release(reservation.pk, now=now, by="authorisation cancelled")
        raise SeatsLost
    return _take(reservation, payment, now=now, by=by)


def settle_payment(payment: Payment, *, now: datetime, by: str) -> None:
    """Settle what a payment is for; that it cannot be settled yet, or ever, is an answer too."""
    reservation = Reservation.objects.filter(payment=payment).only("pk").first()
    if reservation is None:
        return
    try:
        settle(reservation.pk, now=now, by=by)
    except (PaymentIncomplete, StillDeciding, SeatsLost, PaymentFailed, PaymentMismatch):
        return


def cancel(
    reservation: Reservation, *, now: datetime, by: str, despite_cutoff: bool = False
) -> Cancelled:
    """Call off a hold (nothing was charged), or a sale before its cut-off (with a refund).

    Again is the same, with the same one refund. Raises ShowtimeStarted; StillDeciding while the
    money is just being taken.
    """
    if reservation.state == State.PINNED:
        # Money is on its way: first find out whether it arrived.
        finish(reservation, now=now, by=by)
    cancelled = _cancel(reservation.pk, now=now, by=by, despite_cutoff=despite_cutoff)
    if cancelled.refund is not None:
        submit(cancelled.refund, now=now)
    else:
        _try_to_cancel_intent(cancelled.reservation, now=now)
    return cancelled


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


def cancel_replaced_intents(reservation: Reservation, *, now: datetime) -> None:
    """Cancel the intents of holds that this one took the place of."""
    replaced = Reservation.objects.filter(
        guest=reservation.guest_id,
        showtime=reservation.showtime_id,
        state__in=ENDED,
        payment__in=Payment.objects.open(),
    ).select_related("payment")
    for old in replaced[:5]:
        _try_to_cancel_intent(old, now=now)


def finish(reservation: Reservation, *, now: datetime, by: str) -> None:
    """Find out whether the money of a pinned reservation arrived, whichever way that ends."""
    try:
        settle(reservation.pk, now=now, by=by)
    except (SeatsLost, PaymentFailed, PaymentMismatch):
        return


def refuse_too_late(
    reservation: Reservation, seats: QuerySet[ReservedSeat], *, now: datetime
) -> None:
    """Raises ShowtimeStarted, TicketUsed."""
    if not reservation.can_be_cancelled(now=now):
        raise ShowtimeStarted
    if seats.exclude(admitted_at=None).exists():
        raise TicketUsed


def _try_to_cancel_intent(reservation: Reservation, *, now: datetime) -> None:
    with suppress(StripeUnavailable, StripeRefused):  # housekeeping repeats it
        cancel_intent(reservation, now=now)


def _take(reservation: Reservation, payment: Payment, *, now: datetime, by: str) -> Reservation:
    """The money is there: pin the seats, capture, confirm."""
    try:
        booking.pin(reservation.pk, now=now, by=by)
    except SeatsLost:
        _abandon(reservation, now=now, by="seats lost")
        raise
    except StateMoved:  # another settle or a cancel moved it just now
        raise StillDeciding from None
    try:
        intents.capture(payment, now=now)
    except StripeRefused:
        _abandon(reservation, now=now, by="capture refused")
        raise PaymentFailed from None
    except StripeUnavailable:
        # Nobody knows whether the money was taken. The seats stay pinned; settle again later.
        raise StillDeciding from None
    try:
        return booking.confirm(reservation.pk, now=now, by=by)
    except StateMoved:
        # Called off while we captured: give the money back.
        reservation.refresh_from_db()
        refund_orphaned_capture(reservation, payment, now=now)
        raise SeatsLost from None


def _abandon(reservation: Reservation, *, now: datetime, by: str) -> None:
    """Free the seats and let the authorisation go; captured money goes back in full."""
    booking.release(reservation.pk, now=now, by=by)
    reservation.refresh_from_db()
    emails.not_booked(reservation, now=now)
    _try_to_cancel_intent(reservation, now=now)


@rerun
def _cancel(reservation_id: int, *, now: datetime, by: str, despite_cutoff: bool) -> Cancelled:
    reservation = booking.locked(reservation_id)
    payment = locked_payment(reservation)
    if reservation.state == State.CONFIRMED:
        if not despite_cutoff:
            refuse_too_late(
                reservation, ReservedSeat.objects.filter(reservation=reservation), now=now
            )
        booking.end(reservation, State.CANCELLED, now=now, by=by)
        left = payment.amount_captured - payment.amount_refunded if payment is not None else 0
        promised = None
        if payment is not None and left > 0:
            key = f"refund-{reservation.reference}"
            promised = refunds.record(payment, left, reason="cancelled", key=key, now=now)
        emails.cancelled(reservation, promised, by=by, now=now)
        return Cancelled(reservation, promised)
    if reservation.state == State.PINNED:
        raise StillDeciding
    if reservation.state == State.HELD:
        booking.end(reservation, State.CANCELLED, now=now, by=by)
    latest = payment.refunds.order_by("-pk").first() if payment is not None else None
    return Cancelled(reservation, latest)
