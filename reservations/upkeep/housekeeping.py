"""What is tidied up behind guests and crashes. Safe on many machines at once, and never urgent.

Each step finds its work by a query over the records as they are, so nothing is lost when this did
not run for a day, and works on one reservation a transaction, so nothing is undone when it dies.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from accounts.actors import HOUSEKEEPING, Actor
from payments import refunds, webhooks
from payments.errors import StripeRefused, StripeUnavailable
from payments.models import IntentStatus, Payment, Refund, WebhookEvent
from reservations import booking, checkout
from reservations.errors import BookingRefused, StateMoved
from reservations.models import ENDED, Reservation, State
from showtimes.models import ShowtimeState

logger = logging.getLogger(__name__)

BATCH = 200
Record = TypeVar("Record")
SHOWTIME_CANCELLED = Actor.rule("showtime cancelled")
# Younger work is being done by whoever began it.
PATIENCE = timedelta(seconds=15)
LOOK_EVERY = timedelta(seconds=30)
# So many in a row without an answer are not odd payments: it is Stripe that is away.
AWAY = 3
# A capture without a refund is looked for among payments looked at no longer ago than this.
ORPHANED_SINCE = timedelta(days=2)
# What cannot be finished goes to the end of the line, and keeps nobody waiting.
LONGEST_AGO = ("payment__looked_at", "pk")


@dataclass(frozen=True)
class Report:
    """How many of each were worked on, by the name of the step."""

    done: dict[str, int]

    def __str__(self) -> str:
        worked = [f"{name} {count}" for name, count in self.done.items() if count]
        return ", ".join(worked) or "nothing to do"


def tidy(*, now: datetime) -> Report:
    """One round over everything that waits."""
    steps: dict[str, Callable[[datetime], int]] = {
        "events handled": _handle_events,
        "payments settled": _settle_authorised,
        "holds lapsed": _lapse_overdue,
        "intents cancelled": _cancel_intents,
        "refunds followed": _follow_refunds,
        "showtimes cancelled": _cancel_reservations_of_cancelled_showtimes,
    }
    return Report({name: step(now) for name, step in steps.items()})


def _handle_events(now: datetime) -> int:
    events = WebhookEvent.objects.waiting(before=now - PATIENCE)[:BATCH]
    return _each(events, lambda event: webhooks.handle(event, now=now))


def _settle_authorised(now: datetime) -> int:
    """What is pinned, what is known to be authorised, and what may be since we last looked."""
    with_intent = Reservation.objects.exclude(payment=None).filter(state=State.PINNED)
    pinned = with_intent.filter(payment__looked_at__lt=now - PATIENCE)
    held = Reservation.objects.filter(state=State.HELD, payment__looked_at__lt=now - LOOK_EVERY)
    waiting = [*pinned.order_by(*LONGEST_AGO)[:BATCH], *held.order_by(*LONGEST_AGO)[:BATCH]]
    return _each(waiting, lambda r: _settle(r, now))


def _settle(reservation: Reservation, now: datetime) -> None:
    _note_look(reservation, now)
    checkout.settle(reservation.pk, now=now, by=HOUSEKEEPING)


def _lapse_overdue(now: datetime) -> int:
    overdue = Reservation.objects.overdue(now=now).select_related("payment").order_by("held_until")
    return _each(overdue[:BATCH], lambda r: _lapse(r, now))


def _lapse(reservation: Reservation, now: datetime) -> None:
    if reservation.payment is not None:
        # Money may have been authorised without our hearing of it: then this is a sale.
        try:
            checkout.settle(reservation.pk, now=now, by=HOUSEKEEPING)
            return
        except BookingRefused:
            pass
    booking.lapse(reservation.pk, now=now, by=HOUSEKEEPING)


def _cancel_intents(now: datetime) -> int:
    ended = Reservation.objects.filter(state__in=ENDED).select_related("payment")
    unpaid = ended.filter(payment__in=Payment.objects.open())
    # Captured for nothing: whoever saw it died before the refund was promised.
    without_refund = Payment.objects.captured_without_refund(since=now - ORPHANED_SINCE)
    orphaned = ended.filter(payment__in=without_refund)
    waiting = [*unpaid.order_by(*LONGEST_AGO)[:BATCH], *orphaned.order_by(*LONGEST_AGO)[:BATCH]]
    return _each(waiting, lambda r: _cancel_intent(r, now))


def _cancel_intent(reservation: Reservation, now: datetime) -> None:
    _note_look(reservation, now)
    payment = reservation.payment
    if (
        reservation.state == State.LAPSED
        and payment is not None
        and payment.status == IntentStatus.REQUIRES_CAPTURE
    ):
        # Authorised a moment too late: the same seats, if they are still free.
        checkout.settle(reservation.pk, now=now, by=HOUSEKEEPING)
        return
    checkout.cancel_intent(reservation, now=now)


def _follow_refunds(now: datetime) -> int:
    due = Refund.objects.due(before=now - PATIENCE)
    under_way = Refund.objects.unsettled(before=now - LOOK_EVERY * 10)
    order = ("tried_at", "pk")
    waiting = [*due.order_by(*order)[:BATCH], *under_way.order_by(*order)[:BATCH]]
    return _each(waiting, lambda refund: refunds.submit(refund, now=now))


def _cancel_reservations_of_cancelled_showtimes(now: datetime) -> int:
    sold = Reservation.objects.filter(
        showtime__state=ShowtimeState.CANCELLED,
        state__in=(State.HELD, State.PINNED, State.CONFIRMED),
    ).select_related("payment")
    return _each(
        sold.order_by("pk")[:BATCH],
        lambda r: checkout.cancel(r, now=now, by=SHOWTIME_CANCELLED, despite_cutoff=True),
    )


def _note_look(reservation: Reservation, now: datetime) -> None:
    """Note that Stripe is about to be asked about this payment.

    Should it give no answer, the payment is not asked about again at once, here or on another
    machine.
    """
    Payment.objects.filter(reservations=reservation).update(looked_at=now)


def _each(waiting: Iterable[Record], work: Callable[[Record], object]) -> int:
    """Do the work for each record; a record that fails does not keep the others waiting."""
    count = unanswered = 0
    for record in waiting:
        try:
            work(record)
        except StripeUnavailable:
            unanswered += 1
            if unanswered == AWAY:
                logger.warning("Stripe does not answer; the rest waits for the next round")
                return count
            continue
        except (BookingRefused, StripeRefused, StateMoved):
            pass  # an answer: unpaid, lost, or moved by somebody else meanwhile
        except (OperationalError, InterfaceError):
            raise  # the database is away
        except Exception:
            logger.exception("Housekeeping could not finish %r", record)
        unanswered = 0
        count += 1
    return count
