"""The way into a checkout: seats that are held, and the PaymentIntent to pay for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from payments import intents
from payments.errors import StripeUnavailable
from payments.models import Payment
from reservations import booking, promises
from reservations.booking import Held, claims, extension, merge
from reservations.booking.holder import Holder
from reservations.checkout.refunding import cancel_replaced_intents
from reservations.errors import HoldOver, NotYours
from reservations.models import Reservation
from reservations.seating.wishes import Wish


@dataclass(frozen=True, slots=True)
class Opened:
    """A hold with its payment. `is_new` for the first who opens it.

    Without a payment Stripe did not answer, and `unavailable` says so: the seats stay held.
    """

    held: Held
    payment: Payment | None
    is_new: bool
    unavailable: StripeUnavailable | None = None

    @property
    def reservation(self) -> Reservation:
        return self.held.reservation


def hold_and_open(guest: User, showtime_id: int, wish: Wish, *, now: datetime) -> Opened:
    """Hold seats for a guest, and make the intent to pay for them.

    Raises what `booking.hold` raises, and StripeUnavailable: then the seats stay held, ask again.
    """
    held = booking.hold(Holder(guest_id=guest.pk), showtime_id, wish, now=now)
    is_new = held.reservation.payment_id is None
    payment = start(held.reservation, guest, now=now)
    if held.replaced is not None:
        cancel_replaced_intents(held.reservation, now=now)
    return Opened(held, payment, is_new)


def open_for(guest: User, reference: str, *, visitor: str, now: datetime) -> Opened:
    """Open the checkout of a hold that is this guest's, or was their browser's (`visitor`).

    Who has said that they need more time has it from the first time on. Raises UnknownReservation,
    TooManySeatsInAll (with what the browser held it would be more than a guest may have), HoldOver.
    """
    reservation = merge.own_or_merged(guest, reference, visitor=visitor, now=now)
    if not reservation.is_held(now=now):
        raise HoldOver
    is_new = reservation.payment_id is None
    if is_new and guest.needs.more_time:
        extension.extend_for_needs(reservation, now=now)
    try:
        payment = start(reservation, guest, now=now)
    except StripeUnavailable as unavailable:
        return Opened(Held(reservation), None, is_new, unavailable)
    if is_new:
        cancel_replaced_intents(reservation, now=now)
    return Opened(Held(reservation), payment, is_new)


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
            promises.remember_language(reservation)
    except IntegrityError:  # the same guest in another tab
        reservation.payment = Payment.objects.get(reference=reservation.reference)
    return reservation.payment
