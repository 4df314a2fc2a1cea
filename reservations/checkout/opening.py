"""The way into a checkout: seats that are held, and the PaymentIntent to pay for them."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from moviereservation.db import inserts
from moviereservation.db.transactions import rerun
from payments import intents
from payments.errors import StripeUnavailable
from payments.models import Payment
from reservations import booking, promises
from reservations.booking import Held, extension, merge
from reservations.booking.holder import Holder
from reservations.checkout.refunding import cancel_replaced_intents
from reservations.errors import HoldOver, NotYours, StateMoved
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

    def payment_for(reservation: Reservation) -> Payment:
        return _planned(reservation, guest.pk, now=now)

    held = booking.hold(
        Holder(guest_id=guest.pk),
        showtime_id,
        wish,
        now=now,
        language=promises.language_of_the_request(),
        payment_for=payment_for,
    )
    is_new = _is_new(held.reservation)
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
    is_new = _is_new(reservation)
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
    payment = reservation.payment or _link(reservation, guest.pk, now=now)
    if payment.intent_id is None:
        intents.create(payment, now=now)
    return payment


def _is_new(reservation: Reservation) -> bool:
    """Nobody was told of an intent to pay it: Stripe was not asked yet, or has not answered."""
    return reservation.payment is None or reservation.payment.intent_id is None


def _planned(reservation: Reservation, guest_id: int, *, now: datetime) -> Payment:
    return intents.planned(
        payer_id=guest_id,
        reference=reservation.reference,
        amount=reservation.amount,
        currency=reservation.currency,
        now=now,
    )


@rerun
def _link(reservation: Reservation, guest_id: int, *, now: datetime) -> Payment:
    """The payment of a hold that was made before its guest logged in."""
    hold = Reservation.objects.select_for_update().select_related(None).get(pk=reservation.pk)
    if hold.payment is None:  # else: the same guest in another tab
        hold.payment = _planned(reservation, guest_id, now=now)
        inserts.insert(hold.payment)
        hold.language = promises.language_of_the_request()
        first = Reservation.objects.filter(pk=hold.pk, payment=None)
        if not first.update(payment=hold.payment, language=hold.language):
            raise StateMoved("another tab opened the checkout")
    reservation.payment, reservation.language = hold.payment, hold.language
    return hold.payment
