"""What must never be true of our records, each as one query that finds nothing when all is well."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    RowRange,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Lag

from payments.models import Payment, Refund, RefundStatus
from reservations.models import (
    CLAIMING,
    ENDED,
    STEPS,
    Reservation,
    ReservedSeat,
    State,
    StateChange,
)
from showtimes.models import Showtime, ShowtimeState

PATIENCE = timedelta(minutes=10)
EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """A rule that is broken: how often, and some of the records that break it."""

    rule: str
    count: int
    examples: tuple[str, ...]


def findings(*, now: datetime) -> Iterator[tuple[str, Finding | None]]:
    """Every rule in turn, with what breaks it, or None."""
    for rule, broken_by in RULES.items():
        yield rule, _finding(rule, broken_by(now))


def sold_twice(now: datetime) -> QuerySet[Any, Any]:
    return (
        ReservedSeat.objects.live()
        .values("showtime_id", "seat_id")
        .annotate(claims=Count("pk"))
        .filter(claims__gt=1)
        .order_by()
    )


def claims_of_the_ended(now: datetime) -> QuerySet[Any, Any]:
    return ReservedSeat.objects.live().filter(reservation__state__in=ENDED)


def claimless(now: datetime) -> QuerySet[Any, Any]:
    claims = ReservedSeat.objects.filter(reservation=OuterRef("pk"), returned_at=None)
    return Reservation.objects.filter(state__in=CLAIMING).filter(
        Q(Exists(claims.filter(live=None))) | ~Q(Exists(claims))
    )


def claims_elsewhere(now: datetime) -> QuerySet[Any, Any]:
    """A claim on a showtime or in an auditorium that is not its reservation's."""
    return ReservedSeat.objects.live().exclude(
        reservation__showtime=F("showtime"), seat__auditorium=F("showtime__auditorium")
    )


def returned_and_kept(now: datetime) -> QuerySet[Any, Any]:
    """Given back and still claimed, or given back out of what was never sold."""
    return ReservedSeat.objects.exclude(returned_at=None).filter(
        Q(live=True) | Q(reservation__confirmed_at=None)
    )


def kept_money(now: datetime) -> QuerySet[Any, Any]:
    """Captured, and neither a sale of that amount nor paid back. Pinned ones are on their way."""
    sold = Reservation.objects.filter(
        payment=OuterRef("pk"), state__in=(State.CONFIRMED, State.PINNED)
    )
    return _with_refunded(Payment.objects.filter(amount_captured__gt=0)).filter(
        ~Exists(sold), refunded__lt=F("amount_captured")
    )


def sale_unpaid(now: datetime) -> QuerySet[Any, Any]:
    confirmed = Reservation.objects.filter(state=State.CONFIRMED, amount__gt=0)
    paid = _with_refunded(Payment.objects.filter(pk=OuterRef("payment_id"))).annotate(
        kept=F("amount_captured") - F("refunded")
    )
    return confirmed.annotate(kept=Coalesce(Subquery(paid.values("kept")), Value(0))).exclude(
        kept=F("amount")
    )


def refunded_too_much(now: datetime) -> QuerySet[Any, Any]:
    return _with_refunded(Payment.objects.all()).filter(refunded__gt=F("amount_captured"))


def intents_twice(now: datetime) -> QuerySet[Any, Any]:
    return (
        Payment.objects.values("intent_id")
        .annotate(payments=Count("pk"), reservations=Count("reservation"))
        .filter(Q(payments__gt=1) | Q(reservations__gt=1))
        .order_by()
    )


def intents_beside(now: datetime) -> QuerySet[Any, Any]:
    """More than one payment that is or was open for one reservation."""
    return (
        Payment.objects.values("reference")
        .annotate(payments=Count("pk"))
        .filter(payments__gt=1)
        .order_by()
    )


def paid_for_another(now: datetime) -> QuerySet[Any, Any]:
    return Reservation.objects.exclude(payment=None).exclude(payment__reference=F("reference"))


def wrong_amount(now: datetime) -> QuerySet[Any, Any]:
    prices = (
        ReservedSeat.objects.filter(reservation=OuterRef("pk"), returned_at=None)
        .order_by()
        .values("reservation")
        .annotate(sum=Sum("price"))
        .values("sum")
    )
    return Reservation.objects.annotate(seats_cost=Coalesce(Subquery(prices), Value(0))).exclude(
        amount=F("seats_cost")
    )


def overlapping_showtimes(now: datetime) -> QuerySet[Any, Any]:
    """One that begins before all that began before it have ended; in one pass, not each by each."""
    ended = Window(
        Max("ends_at"),
        partition_by="auditorium_id",
        order_by=("starts_at", "pk"),
        frame=RowRange(end=-1),
    )
    standing = Showtime.objects.exclude(state=ShowtimeState.CANCELLED)
    return standing.annotate(busy_until=ended).filter(busy_until__gt=F("starts_at"))


def stuck_pinned(now: datetime) -> QuerySet[Any, Any]:
    pinned = StateChange.objects.filter(
        reservation=OuterRef("pk"), to_state=State.PINNED, at__lt=now - PATIENCE
    )
    return Reservation.objects.filter(state=State.PINNED).filter(Exists(pinned))


def stuck_refunds(now: datetime) -> QuerySet[Any, Any]:
    return Refund.objects.filter(status=RefundStatus.DUE, created_at__lt=now - PATIENCE)


def failed_refunds(now: datetime) -> QuerySet[Any, Any]:
    """Money that a guest was promised and that Stripe would not pay back."""
    return Refund.objects.filter(status__in=(RefundStatus.FAILED, RefundStatus.CANCELED))


def admitted_unconfirmed(now: datetime) -> QuerySet[Any, Any]:
    """Let in without a ticket, or with one that was given back."""
    return ReservedSeat.objects.exclude(admitted_at=None).filter(
        ~Q(reservation__state=State.CONFIRMED) | Q(returned_at__isnull=False)
    )


def impossible_steps(now: datetime) -> QuerySet[Any, Any]:
    possible = Q()
    for was, to in STEPS:
        possible |= Q(from_state=was, to_state=to)
    return StateChange.objects.exclude(possible)


def broken_histories(now: datetime) -> QuerySet[Any, Any]:
    """A line that does not begin where the one before it ended."""
    before = Window(Lag("to_state"), partition_by="reservation_id", order_by="pk")
    first = Value(State.HELD.value)  # MariaDB's LAG takes no default
    return StateChange.objects.annotate(before=Coalesce(before, first)).exclude(
        from_state=F("before")
    )


def unwritten_history(now: datetime) -> QuerySet[Any, Any]:
    """The record is not in the state in which its history ends."""
    last = StateChange.objects.filter(reservation=OuterRef("pk")).order_by("-pk")
    # Every reservation begins as a hold, without a line.
    ended_in = Coalesce(Subquery(last.values("to_state")[:1]), Value(State.HELD.value))
    return Reservation.objects.annotate(last=ended_in).exclude(state=F("last"))


RULES: dict[str, Callable[[datetime], QuerySet[Any, Any]]] = {
    "1 no seat of a showtime is claimed twice": sold_twice,
    "2a no claim outlives its reservation": claims_of_the_ended,
    "2b every held, pinned or confirmed reservation has its claims": claimless,
    "2c every claim is on a seat of its reservation's showtime": claims_elsewhere,
    "2d no seat was given back and kept": returned_and_kept,
    "3 captured money belongs to a sale, or is paid back": kept_money,
    "4 every sale is paid in full": sale_unpaid,
    "5 no more is paid back than came in": refunded_too_much,
    "6a no intent pays for two reservations": intents_twice,
    "6b no reservation has two payments": intents_beside,
    "6c every payment is for the reservation that it names": paid_for_another,
    "7 a reservation costs what its seats cost": wrong_amount,
    "8 no two showtimes overlap in one auditorium": overlapping_showtimes,
    "9a no payment is under way for longer than ten minutes": stuck_pinned,
    "9b no refund waits for longer than ten minutes": stuck_refunds,
    "9c no refund was refused": failed_refunds,
    "10 nobody was admitted without a confirmed ticket": admitted_unconfirmed,
    "11a every change of state is one that exists": impossible_steps,
    "11b every history is unbroken": broken_histories,
    "11c every record is where its history ends": unwritten_history,
}


def _finding(rule: str, broken: QuerySet[Any, Any]) -> Finding | None:
    rows: Iterable[Any] = broken[: EXAMPLES + 1]
    examples = tuple(str(row) for row in rows)
    if not examples:
        return None
    count = len(examples) if len(examples) <= EXAMPLES else broken.count()
    return Finding(rule, count, examples[:EXAMPLES])


def _with_refunded(payments: QuerySet[Payment]) -> QuerySet[Any, Any]:
    """Adds `refunded`: what was or will be paid back."""
    owed = (
        Refund.objects.owed()
        .filter(payment=OuterRef("pk"))
        .order_by()
        .values("payment")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return payments.annotate(refunded=Coalesce(Subquery(owed), Value(0)))
