"""When all trouble is over: housekeeping runs, and then everything must be as it should be."""

from datetime import datetime, timedelta

from moviereservation.db import audit_rules
from payments import reconciliation
from payments.models import Payment
from reservations.models import Reservation, ReservationQuerySet, State
from reservations.upkeep import housekeeping
from tools.standin.process import Running

LONG_AGO = timedelta(days=7)
# Beyond every patience of housekeeping's, and within a hold that was made just now.
ROUND = timedelta(minutes=1)
ROUNDS = 7


def tidy_up(*, now: datetime) -> datetime:
    """Housekeeping, round by round, until there is nothing to do; when that was."""
    idle = 0
    for _round in range(ROUNDS):
        now += ROUND
        # Once is not enough: what Stripe gave no answer to is not counted, and asked about again.
        idle = 0 if any(housekeeping.tidy(now=now).done.values()) else idle + 1
        if idle == 2:
            return now
    waiting = [step for step, count in housekeeping.tidy(now=now + ROUND).done.items() if count]
    # Holds with an intent are looked at again and again, as long as they are held.
    assert set(waiting) <= {"payments settled"}, waiting
    return now


def assert_all_is_well(stripe: Running, *, now: datetime) -> None:
    """No invariant is broken, Stripe's books are ours, and money is where the seats are."""
    broken = [finding for _rule, finding in audit_rules.findings(now=now) if finding]
    assert not broken, broken
    assert list(reconciliation.differences(since=now - LONG_AGO)) == []
    assert_paid_as_seated(stripe, Reservation.objects.all())


def assert_paid_as_seated(stripe: Running, reservations: ReservationQuerySet) -> None:
    """Every sale is paid for and nothing else is; nothing is still under way."""
    for reservation in reservations.select_related("payment"):
        assert reservation.state != State.PINNED
        paid = reservation.amount if reservation.state == State.CONFIRMED else 0
        assert money_at_stripe(stripe, reservation.payment) == paid, reservation.state


def money_at_stripe(stripe: Running, payment: Payment | None) -> int:
    """Captured less paid back, minor units; nothing may be left authorised for an ended one."""
    if payment is None or payment.intent_id is None:
        return 0
    intent = stripe.intent(payment.intent_id)
    ended = payment.reservations.get().has_ended
    assert not (ended and intent["status"] == "requires_capture"), "an authorisation is left over"
    listed = stripe.call("GET", "/v1/refunds", payment_intent=payment.intent_id, limit=100)["data"]
    alive = [refund for refund in listed if refund["status"] not in ("failed", "canceled")]
    return int(intent["amount_received"]) - sum(refund["amount"] for refund in alive)
