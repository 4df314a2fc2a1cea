"""The audit's rules of bookings: who sits where, and whether it is paid."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lag
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moviereservation.db.audit_rules import REPORT_IT, STUCK_AFTER, invariant
from payments.models import (
    Account,
    Kind,
    LedgerEntry,
    Payment,
    Refund,
    RefundStatus,
    amount_of_payment,
)
from reservations.models import (
    CLAIMING,
    ENDED,
    STEPS,
    Reservation,
    ReservedSeat,
    State,
    StateChange,
)

NOT_ALIKE = _(
    "Compare the booking with its payment at Stripe; then pay back, or cancel the booking."
)


@invariant(
    "1 no seat of a showtime is claimed twice",
    to_do=_("Offer one of the parties other seats, and report it: the unique key is missing."),
)
def sold_twice(now: datetime) -> QuerySet[Any, Any]:
    return (
        ReservedSeat.objects.live()
        .values("showtime_id", "seat_id")
        .annotate(claims=Count("pk"))
        .filter(claims__gt=1)
        .order_by()
    )


@invariant("2a no claim outlives its reservation", to_do=REPORT_IT)
def claims_of_the_ended(now: datetime) -> QuerySet[Any, Any]:
    return ReservedSeat.objects.live().filter(reservation__state__in=ENDED)


@invariant("2b every held, pinned or confirmed reservation has its claims", to_do=REPORT_IT)
def claimless(now: datetime) -> QuerySet[Any, Any]:
    claims = ReservedSeat.objects.filter(reservation=OuterRef("pk"), returned_at=None)
    return Reservation.objects.filter(state__in=CLAIMING).filter(
        Q(Exists(claims.filter(live=None))) | ~Q(Exists(claims))
    )


@invariant("2c every claim is on a seat of its reservation's showtime", to_do=REPORT_IT)
def claims_elsewhere(now: datetime) -> QuerySet[Any, Any]:
    """A claim on a showtime or in an auditorium that is not its reservation's."""
    return ReservedSeat.objects.live().exclude(
        reservation__showtime=F("showtime"), seat__auditorium=F("showtime__auditorium")
    )


@invariant("2d no seat was given back and kept", to_do=REPORT_IT)
def returned_and_kept(now: datetime) -> QuerySet[Any, Any]:
    """Given back and still claimed, or given back out of what was never sold."""
    return ReservedSeat.objects.exclude(returned_at=None).filter(
        Q(live=True) | Q(reservation__confirmed_at=None)
    )


@invariant(
    "3 captured money belongs to a sale, or is paid back",
    to_do=_("Run manage.py housekeeping: it pays it back within two days. Later, do it at Stripe."),
)
def kept_money(now: datetime) -> QuerySet[Any, Any]:
    """Captured, and neither a sale of that amount nor paid back. Pinned ones are on their way."""
    sold = Reservation.objects.filter(
        payment=OuterRef("pk"), state__in=(State.CONFIRMED, State.PINNED)
    )
    captured = Payment.objects.filter(amount_captured__gt=0)
    return captured.with_refunded().filter(~Exists(sold), refunded__lt=F("amount_captured"))


@invariant("4 every sale is paid in full", to_do=NOT_ALIKE)
def sale_unpaid(now: datetime) -> QuerySet[Any, Any]:
    confirmed = Reservation.objects.filter(state=State.CONFIRMED, amount__gt=0)
    payment = Payment.objects.filter(pk=OuterRef("payment_id"))
    paid = payment.with_refunded().annotate(kept=F("amount_captured") - F("refunded"))
    return confirmed.annotate(kept=Coalesce(Subquery(paid.values("kept")), Value(0))).exclude(
        kept=F("amount")
    )


@invariant("6a no intent pays for two reservations", to_do=NOT_ALIKE)
def intents_twice(now: datetime) -> QuerySet[Any, Any]:
    """An intent that is in two records, or a record that is linked to two reservations."""
    return (
        Payment.objects.exclude(intent_id=None)
        .values("intent_id")
        .annotate(records=Count("pk", distinct=True), linked=Count("reservations", distinct=True))
        .filter(Q(records__gt=1) | Q(linked__gt=1))
        .order_by()
    )


@invariant("6c every payment is for the reservation that it names", to_do=NOT_ALIKE)
def paid_for_another(now: datetime) -> QuerySet[Any, Any]:
    return Reservation.objects.exclude(payment=None).exclude(payment__reference=F("reference"))


@invariant("7 a reservation costs what its seats cost", to_do=REPORT_IT)
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


@invariant(
    "9a no payment is under way for longer than ten minutes",
    to_do=_("Look whether Stripe answers and housekeeping runs: it goes on by itself then."),
    words=ngettext_lazy(
        "%(n)s payment is under way for more than ten minutes",
        "%(n)s payments are under way for more than ten minutes",
        "n",
    ),
    permission="reservations.view_reservation",
    address="reservations_reservation_changelist?state__exact=pinned",
)
def stuck_pinned(now: datetime) -> QuerySet[Any, Any]:
    pinned = StateChange.objects.filter(
        reservation=OuterRef("pk"), to_state=State.PINNED, at__lt=now - STUCK_AFTER
    )
    return Reservation.objects.filter(state=State.PINNED).filter(Exists(pinned))


@invariant(
    "10 nobody was admitted without a confirmed ticket",
    to_do=_("Ask at the door who came in with this ticket."),
)
def admitted_unconfirmed(now: datetime) -> QuerySet[Any, Any]:
    """Let in without a ticket, or with one that was given back."""
    return ReservedSeat.objects.exclude(admitted_at=None).filter(
        ~Q(reservation__state=State.CONFIRMED) | Q(returned_at__isnull=False)
    )


@invariant("11a every change of state is one that exists", to_do=REPORT_IT)
def impossible_steps(now: datetime) -> QuerySet[Any, Any]:
    possible = Q()
    for was, to in STEPS:
        possible |= Q(from_state=was, to_state=to)
    return StateChange.objects.exclude(possible)


@invariant("11b every history is unbroken", to_do=REPORT_IT)
def broken_histories(now: datetime) -> QuerySet[Any, Any]:
    """A line that does not begin where the one before it ended."""
    before = Window(Lag("to_state"), partition_by="reservation_id", order_by="pk")
    first = Value(State.HELD.value)  # MariaDB's LAG takes no default
    return StateChange.objects.annotate(before=Coalesce(before, first)).exclude(
        from_state=F("before")
    )


@invariant("11c every record is where its history ends", to_do=REPORT_IT)
def unwritten_history(now: datetime) -> QuerySet[Any, Any]:
    """The record is not in the state in which its history ends."""
    last = StateChange.objects.filter(reservation=OuterRef("pk")).order_by("-pk")
    # Every reservation begins as a hold, without a line.
    ended_in = Coalesce(Subquery(last.values("to_state")[:1]), Value(State.HELD.value))
    return Reservation.objects.annotate(last=ended_in).exclude(state=F("last"))


@invariant("12b every sale stands in the ledger as it is", to_do=REPORT_IT)
def sold_otherwise(now: datetime) -> QuerySet[Any, Any]:
    """What was sold less what was cancelled is not what the reservation costs.

    A reservation that was never sold has no line; one that was free has lines of zero.
    """
    entries = LedgerEntry.objects.on(Account.SALES).filter(subject=OuterRef("reference"))
    sold = entries.order_by().values("subject").values(sum=-Sum("amount"))
    is_sold = Q(state=State.CONFIRMED)
    return (
        Reservation.objects.filter(is_sold | Q(confirmed_at__isnull=False))
        .annotate(sold=Coalesce(Subquery(sold), -1))
        .exclude(sold=Case(When(is_sold, then=F("amount")), default=0))
    )


@invariant("12c the ledger has of each payment what Stripe has", to_do=NOT_ALIKE)
def other_balance(now: datetime) -> QuerySet[Any, Any]:
    """Captured less paid back. What was captured for a pinned reservation is not a sale yet."""
    balance = LedgerEntry.objects.on(Account.STRIPE_BALANCE)
    paid_back = Refund.objects.filter(status=RefundStatus.SUCCEEDED)
    pinned = Reservation.objects.filter(payment=OuterRef("pk"), state=State.PINNED)
    return (
        Payment.objects.annotate(
            in_ledger=amount_of_payment(balance),
            kept=F("amount_captured") - amount_of_payment(paid_back),
        )
        .exclude(in_ledger=F("kept"))
        .filter(~Exists(pinned))
    )


@invariant("12f every line of sales is the price and the tax of its ticket", to_do=REPORT_IT)
def sold_at_another_price(now: datetime) -> QuerySet[Any, Any]:
    """Sold with a minus, given back without."""
    ticket = ReservedSeat.objects.filter(ticket_id=OuterRef("item"))
    sold = ticket.filter(price=-OuterRef("amount"), tax=-OuterRef("tax"))
    back = ticket.filter(price=OuterRef("amount"), tax=OuterRef("tax"))
    return LedgerEntry.objects.on(Account.SALES).filter(
        Q(kind=Kind.SALE) & ~Q(Exists(sold)) | ~Q(kind=Kind.SALE) & ~Q(Exists(back))
    )
