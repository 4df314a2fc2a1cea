"""What booking should do, told in plain Python: no database, no locks, no network.

The product is compared with this after every step of `test_model.py`. Every verb answers with
`OK` or the name of the refusal that a guest is told.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from payments.models import IntentStatus
from reservations.models import CLAIMING, ENDED, State

OK = "fine"
OPEN = IntentStatus.REQUIRES_PAYMENT_METHOD
AUTHORISED = IntentStatus.REQUIRES_CAPTURE
CAPTURED = IntentStatus.SUCCEEDED
CANCELED = IntentStatus.CANCELED
FINAL = (CAPTURED, CANCELED)
HOLD = timedelta(minutes=10)


class Away(Exception):
    """Stripe does not answer."""


@dataclass(eq=False)
class Refund:
    """`sent` at Stripe, `told` when we know; `spoilt` once Stripe repeats a 500 to its key."""

    amount: int
    sent: bool = False
    told: bool = False
    attempts: int = 0
    spoilt: bool = False
    tried: datetime | None = None


@dataclass(eq=False)
class Booking:
    """`intent` is Stripe's status, "" before there is one; `known` is what we `looked` up last."""

    guest: str | None
    seats: frozenset[str]
    amount: int
    until: datetime
    state: State = State.HELD
    extensions: int = 0
    intent: str = ""
    known: str = ""
    looked: datetime | None = None
    captured: int = 0
    refunds: list[Refund] = field(default_factory=list)
    acts: dict[frozenset[str], Refund] = field(default_factory=dict)  # by the seats given back

    def __post_init__(self) -> None:
        self.first_seats = self.seats

    def is_over(self, now: datetime) -> bool:
        return self.state == State.HELD and self.until <= now

    @property
    def refund(self) -> Refund | None:
        """The latest."""
        return self.refunds[-1] if self.refunds else None

    @property
    def owed(self) -> int:
        """What was captured less what was promised back."""
        return self.captured - sum(refund.amount for refund in self.refunds)

    @property
    def paid(self) -> int:
        """What Stripe has captured less what it has paid back."""
        return self.captured - sum(refund.amount for refund in self.refunds if refund.sent)


@dataclass
class Box:
    """A box office with one showtime. `trouble` names what Stripe does wrong just now."""

    now: datetime
    starts_at: datetime
    price: int
    most: int
    bookings: list[Booking] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    unheard: list[Booking] = field(default_factory=list)  # by messages that wait
    cancelled: bool = False
    trouble: str = ""

    def hold(self, guest: str | None, seats: frozenset[str]) -> str:
        if not self.sells():
            return "SalesClosed"
        own = self.held_by(guest)
        if own and not own.is_over(self.now) and own.seats == seats:
            return OK
        if guest and self.would_be_too_many(guest, seats):
            return "TooManySeatsInAll"
        if self.taken(seats, but_for=own):
            return "SeatsTaken"
        self.free_of_lapsed(seats, but_for=own)
        new = Booking(guest, seats, self.price * len(seats), self.now + HOLD)
        if own and own.is_over(self.now):
            own.state = State.LAPSED
        elif own:
            own.state = State.CANCELLED
            if own.extensions == 10:
                new.until = own.until
            new.extensions = min(own.extensions + 1, 10)
        self.bookings.append(new)
        return OK

    def more_time(self, booking: Booking) -> str:
        if booking.state != State.HELD or booking.is_over(self.now):
            return "HoldOver"
        if booking.extensions == 10:
            return "NoMoreTime"
        booking.extensions += 1
        booking.until = self.now + HOLD
        return OK

    def merge(self, booking: Booking, guest: str) -> str:
        own = self.held_by(guest)
        if booking.state == State.HELD and self.would_be_too_many(guest, booking.seats):
            return "TooManySeatsInAll"
        if own and booking.state == State.HELD:
            own.state = State.CANCELLED
        booking.guest = guest
        return OK

    def would_be_too_many(self, guest: str, seats: frozenset[str]) -> bool:
        """With what the guest has paid for or is paying for."""
        standing = [b for b in self.bookings if b.guest == guest and b.state in CLAIMING[1:]]
        return len(seats) + sum(len(b.seats) for b in standing) > self.most

    def start(self, booking: Booking) -> str:
        if booking.intent:
            return OK
        if self.trouble == "away":
            return "StripeUnavailable"
        booking.intent = booking.known = OPEN
        booking.looked = self.now
        return OK

    def settle(self, booking: Booking) -> str:
        if booking.state == State.CONFIRMED:
            return OK
        if not booking.intent:
            return "PaymentIncomplete"
        self.look(booking)
        if booking.intent == OPEN:
            return "PaymentIncomplete"
        if booking.intent == CANCELED:
            self.release(booking)
            return "SeatsLost"
        if not self.pin(booking):
            self.call_off(booking)
            return "SeatsLost"
        if self.trouble.startswith("capture unknown"):
            if self.trouble.endswith("after"):
                self.capture(booking)
            return "StillDeciding"
        if self.trouble == "capture refused" and booking.intent == AUTHORISED:
            self.call_off(booking)
            return "PaymentFailed"
        self.capture(booking)
        booking.known = CAPTURED
        booking.state = State.CONFIRMED
        return OK

    def cancel(self, booking: Booking, *, despite_cutoff: bool = False) -> str:
        if booking.state == State.PINNED:
            answer = self.settle(booking)
            if answer in ("StillDeciding", "PaymentIncomplete"):
                return answer
        if booking.state == State.CONFIRMED:
            if self.now >= self.starts_at and not despite_cutoff:
                return "ShowtimeStarted"
            booking.state = State.CANCELLED
            self.promise(booking, booking.owed)
        if booking.refund:
            self.try_to(self.pay_back, booking.refund)
        else:
            self.call_off(booking)
        return OK

    def cancel_seats(self, booking: Booking, seats: frozenset[str]) -> str:
        if not seats <= booking.first_seats:
            return "UnknownSeats"
        if booking.state == State.PINNED:
            answer = self.settle(booking)
            if answer in ("StillDeciding", "PaymentIncomplete"):
                return answer
        returning = booking.seats & seats
        if booking.state in ENDED or returning == booking.seats:
            return self.cancel(booking)
        if booking.state != State.CONFIRMED:
            return "PaymentIncomplete"
        if not returning:
            refund = booking.acts.get(seats, booking.refund)
        elif self.now >= self.starts_at:
            return "ShowtimeStarted"
        else:
            price = booking.amount // len(booking.seats) * len(returning)
            booking.seats -= returning
            booking.amount -= price
            refund = booking.acts[returning] = self.promise(booking, price)
        self.try_to(self.pay_back, refund)
        return OK

    def hear(self, booking: Booking) -> None:
        """A message of Stripe's about it, for the first time or again."""
        try:
            self.settle(booking)
        except Away:
            self.unheard.append(booking)

    def tidy(self) -> None:
        self.each(list(dict.fromkeys(self.unheard)), self.settle)
        if self.trouble != "away":
            self.unheard.clear()
        pinned = [b for b in self.bookings if b.state == State.PINNED]
        held = [b for b in self.bookings if b.state == State.HELD and b.intent]
        self.each(pinned + held, self.ask_and(self.settle))
        overdue = sorted((b for b in self.bookings if b.is_over(self.now)), key=lambda b: b.until)
        self.each(overdue, self.lapse)
        ended = [b for b in self.bookings if b.state in ENDED and b.intent]
        ended.sort(key=lambda b: b.looked)
        orphaned = [b for b in ended if b.known == CAPTURED and not b.refund]
        unpaid = [b for b in ended if b.known not in FINAL]
        self.each(unpaid + orphaned, self.ask_and(self.follow))
        due = [refund for refund in self.refunds if not refund.told]
        self.each(sorted(due, key=lambda refund: refund.tried), self.pay_back)
        if self.cancelled:
            standing = [b for b in self.bookings if b.state in CLAIMING]
            self.each(standing, lambda b: self.cancel(b, despite_cutoff=True))

    # What the verbs are made of.

    def each(self, waiting, work) -> None:
        """The rest waits for the next round when Stripe did not answer three times running."""
        unanswered = 0
        for one in waiting:
            try:
                work(one)
                unanswered = 0
            except Away:
                unanswered += 1
                if unanswered == 3:
                    return

    def ask_and(self, work):
        def asked(booking: Booking) -> None:
            booking.looked = self.now
            work(booking)

        return asked

    def try_to(self, work, one) -> None:
        self.each([one], work)

    def lapse(self, booking: Booking) -> None:
        if booking.intent:
            self.settle(booking)
        if booking.state == State.HELD:
            booking.state = State.LAPSED

    def follow(self, booking: Booking) -> None:
        if booking.state == State.LAPSED and booking.known == AUTHORISED:
            self.settle(booking)
        else:
            self.let_go_of_money(booking)

    def sells(self) -> bool:
        return not self.cancelled and self.now < self.starts_at

    def held_by(self, guest: str | None) -> Booking | None:
        held = [b for b in self.bookings if b.guest == guest and b.state == State.HELD]
        return held[0] if held else None

    def taken(self, seats: frozenset[str], but_for: Booking | None) -> bool:
        return any(
            b.seats & seats
            for b in self.bookings
            if b is not but_for and b.state in CLAIMING and not b.is_over(self.now)
        )

    def free_of_lapsed(self, seats: frozenset[str], but_for: Booking | None) -> None:
        for b in self.bookings:
            if b is not but_for and b.is_over(self.now) and b.seats & seats:
                b.state = State.LAPSED

    def pin(self, booking: Booking) -> bool:
        if booking.state == State.PINNED:
            return True
        if booking.state == State.CANCELLED or self.cancelled or booking.refund:
            return False
        if booking.state == State.LAPSED or booking.is_over(self.now):
            if not self.sells() or self.taken(booking.seats, but_for=booking):
                return False
            self.free_of_lapsed(booking.seats, but_for=booking)
        booking.state = State.PINNED
        return True

    def release(self, booking: Booking) -> None:
        if booking.state in (State.HELD, State.PINNED):
            booking.state = State.CANCELLED

    def look(self, booking: Booking) -> None:
        if self.trouble == "away":
            raise Away
        booking.known, booking.looked = booking.intent, self.now

    def capture(self, booking: Booking) -> None:
        booking.intent, booking.captured = CAPTURED, booking.amount

    def call_off(self, booking: Booking) -> None:
        self.release(booking)
        if booking.intent:
            self.try_to(self.let_go_of_money, booking)

    def let_go_of_money(self, booking: Booking) -> None:
        if booking.known not in FINAL:
            if self.trouble in ("away", "cancel unknown before"):
                raise Away
            if booking.intent != CAPTURED:
                booking.intent = CANCELED
            if self.trouble == "cancel unknown after":
                raise Away
            booking.known, booking.looked = booking.intent, self.now
        if booking.known == CAPTURED and not booking.refund and booking.state in ENDED:
            self.promise(booking, booking.owed)
            self.try_to(self.pay_back, booking.refund)

    def promise(self, booking: Booking, amount: int) -> Refund:
        booking.refunds.append(Refund(amount))
        self.refunds.append(booking.refunds[-1])
        return booking.refunds[-1]

    def pay_back(self, refund: Refund) -> None:
        if refund.told:
            return
        refund.attempts += 1
        refund.tried = self.now
        if self.trouble == "away":
            raise Away
        if refund.attempts > 3:
            refund.spoilt = False
            refund.told = refund.sent
        if refund.told:
            return
        if refund.spoilt or self.trouble == "refund unknown before":
            raise Away
        refund.sent = True
        if self.trouble == "refund unknown after":
            refund.spoilt = True
            raise Away
        refund.told = True
