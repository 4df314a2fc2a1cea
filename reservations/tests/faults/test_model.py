"""Anything may happen in any order: the product and a small model of it must agree after each step.

    pytest reservations/tests/faults/test_model.py                     seconds
    pytest reservations/tests/faults/test_model.py -m long             a quarter of an hour

After every step both agree on who has which seat and on all money at Stripe, and no invariant of
the audit is broken. At the end of every story all trouble is over, and housekeeping must bring
everything to a good end.
"""

import json
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.tests.cast import TEST, alice, bob
from moviereservation.db import audit_rules
from payments import webhooks
from payments.errors import PaymentRefused
from payments.models import Payment, Refund, WebhookEvent
from payments.tests.append_only import empty_ledger
from reservations import checkout
from reservations.booking import extension, merge
from reservations.booking.holder import Holder
from reservations.checkout import cancellation, settlement
from reservations.errors import BookingRefused
from reservations.models import CLAIMING, Reservation, ReservedSeat, State, StateChange
from reservations.tests import aftermath
from reservations.tests.factories import hold_as
from reservations.tests.model import AUTHORISED, OK, OPEN, Away, Booking, Box
from reservations.upkeep import housekeeping
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime
from tools.standin.process import Refused, Running
from tools.standin.signing import signature

SEATS = ("A1", "A2", "A3", "A4")
MOST = 3  # seats for one guest
NOBODY = "http://127.0.0.1:9"
TROUBLE = {
    "away": None,
    "capture refused": ("POST /v1/payment_intents/*/capture", "refuse", False),
    "capture unknown before": ("POST /v1/payment_intents/*/capture", "error", False),
    "capture unknown after": ("POST /v1/payment_intents/*/capture", "error", True),
    "cancel unknown before": ("POST /v1/payment_intents/*/cancel", "error", False),
    "cancel unknown after": ("POST /v1/payment_intents/*/cancel", "error", True),
    "refund unknown before": ("POST /v1/refunds", "error", False),
    "refund unknown after": ("POST /v1/refunds", "error", True),
}
# Without those that only say that something takes long.
RULES = {
    rule.name: rule.broken_by
    for rule in audit_rules.invariants()
    if rule.name[:2] not in ("9a", "9b")
}

guests = st.sampled_from(["Alice", "Bob", None])
members = st.sampled_from(["Alice", "Bob"])
some_seats = st.sets(st.sampled_from(SEATS), min_size=1, max_size=MOST).map(frozenset)
one_of_them = st.integers(0, 3)


class Cinema(RuleBasedStateMachine):
    """One small auditorium, Alice and Bob, a visitor, and a Stripe that is not always well."""

    stripe: Running
    configuration: object
    showtime: Showtime
    people: dict[str, object]

    @initialize()
    def open(self):
        empty_ledger()
        for model in (ReservedSeat, StateChange, Reservation, Refund, WebhookEvent, Payment):
            model.objects.all().delete()
        self.stripe.reset()
        self.configuration.STRIPE_API_BASE = self.stripe.url
        Showtime.objects.update(state=ShowtimeState.ON_SALE, prices={"standard": 1000})
        self.showtime.refresh_from_db()
        starts_at = self.showtime.starts_at
        self.box = Box(timezone.now(), starts_at, price=1000, most=MOST)
        self.handled: set[str] = set()

    # What people do.

    @rule(guest=guests, seats=some_seats)
    def hold(self, guest, seats):
        before = len(self.box.bookings)
        holder = Holder(guest_id=self.people[guest].pk) if guest else Holder(visitor="v" * 43)
        done = self.both(
            self.box.hold(guest, seats), hold_as, holder, self.showtime.pk, sorted(seats)
        )
        if len(self.box.bookings) > before:
            self.box.bookings[-1].pk = done.pk

    @rule(n=one_of_them)
    def ask_for_more_time(self, n):
        if one := self.one(n):
            self.both(self.box.more_time(one), extension.extend, self.record(one))

    @rule(n=one_of_them, guest=members)
    def log_in(self, n, guest):
        if one := self.one(n, lambda b: b.guest is None):
            reference = self.record(one).reference
            account = self.people[guest].pk
            self.both(self.box.merge(one, guest), merge.merge, "v" * 43, reference, account)

    @rule(n=one_of_them)
    def go_to_checkout(self, n):
        if one := self.one(n, lambda b: b.guest):
            guest = self.people[one.guest]
            self.both(self.box.start(one), checkout.start, self.record(one), guest)

    @rule(n=one_of_them)
    def authorise(self, n):
        if one := self.one(n, lambda b: b.intent == OPEN):
            self.stripe.confirm(self.intent_id(one))
            one.intent = AUTHORISED

    @rule(guest=members, seats=some_seats)
    def come_to_pay(self, guest, seats):
        """All of it at once, or as far as it goes: most stories begin with a card that is good."""
        before = len(self.box.bookings)
        self.hold(guest, seats)
        if len(self.box.bookings) > before:
            self.go_to_checkout(0)
            self.authorise(0)

    @rule(n=one_of_them)
    def be_declined(self, n):
        if one := self.one(n, lambda b: b.intent == OPEN):
            with pytest.raises(Refused):
                self.stripe.confirm(self.intent_id(one), "pm_card_chargeDeclined")

    @rule(n=one_of_them)
    def settle(self, n):
        if one := self.one(n):
            self.both(self.model(self.box.settle, one), checkout.settle, one.pk, by=TEST)

    @rule(n=one_of_them)
    def cancel(self, n):
        if one := self.one(n):
            told = self.model(self.box.cancel, one)
            self.both(told, checkout.cancel, self.record(one), by=TEST)

    @rule(n=one_of_them, seats=some_seats)
    def give_some_seats_back(self, n, seats):
        if one := self.one(n):
            self.cancel_seats(one, seats)

    @rule(n=one_of_them)
    def give_one_of_several_back(self, n):
        """By chance alone few stories come as far as this."""
        if one := self.one(n, lambda b: b.state == State.CONFIRMED and len(b.seats) > 1):
            self.cancel_seats(one, frozenset([min(one.seats)]))

    # What happens by itself.

    @rule()
    def housekeeping(self):
        self.tick()
        self.box.tidy()
        housekeeping.tidy(now=self.box.now)
        waiting = WebhookEvent.objects.filter(handled_at=None).values_list("event_id", flat=True)
        self.handled |= {message["id"] for message in self.stripe.events()} - set(waiting)
        self.handled &= set(WebhookEvent.objects.values_list("event_id", flat=True))

    @rule(n=st.integers(0, 40))
    def hear_from_stripe(self, n):
        """Any message, the first or the last, for the first time or again."""
        events = self.stripe.events("payment_intent.*")
        if not events:
            return
        message = events[n % len(events)]
        self.tick()
        one = self.about(message)
        if message["id"] not in self.handled:
            if message["type"] in webhooks.TELLING:
                self.box.hear(one)
            if one not in self.box.unheard:
                self.handled.add(message["id"])
        body = json.dumps(message)
        signed = signature(body, self.stripe.webhook_secret, int(time.time()))
        webhooks.receive(body.encode(), signed, now=self.box.now)

    @rule(minutes=st.integers(2, 15))
    def time_passes(self, minutes):
        self.box.now += timedelta(minutes=minutes)

    @rule(n=one_of_them)
    def authorisation_expires(self, n):
        if one := self.one(n, lambda b: b.intent == AUTHORISED):
            self.stripe.expire(self.intent_id(one))
            one.intent = "canceled"

    @rule(n=one_of_them)
    def somebody_captures_by_hand(self, n):
        """In Stripe's dashboard, knowing nothing of seats."""
        if self.box.trouble.startswith("capture"):
            return
        if one := self.one(n, lambda b: b.intent == AUTHORISED):
            self.stripe.call("POST", f"/v1/payment_intents/{self.intent_id(one)}/capture")
            self.box.capture(one)

    @rule(price=st.sampled_from([700, 1000, 9900]))
    def the_price_changes(self, price):
        self.box.price = price
        Showtime.objects.update(prices={"standard": price})

    @rule(what=st.sampled_from([*TROUBLE, "none", "none"]))
    def stripe_is_in_trouble(self, what):
        self.stripe.clear_faults()
        self.box.trouble = "" if what == "none" else what
        self.configuration.STRIPE_API_BASE = NOBODY if what == "away" else self.stripe.url
        if fault := TROUBLE.get(what):
            on, do, after = fault
            self.stripe.fault(on, do, after=after)

    @precondition(lambda self: len(self.box.bookings) > 3 and not self.box.cancelled)
    @rule()
    def the_showtime_is_cancelled(self):
        self.box.cancelled = True
        Showtime.objects.update(state=ShowtimeState.CANCELLED)

    @precondition(lambda self: len(self.box.bookings) > 3)
    @rule()
    def the_showtime_begins(self):
        self.box.now = max(self.box.now, self.box.starts_at + timedelta(minutes=1))

    # What must be true after every step.

    @invariant()
    def both_agree_on_states_and_seats(self):
        states = dict(Reservation.objects.values_list("pk", "state"))
        assert states == {one.pk: one.state for one in self.box.bookings}
        claims = ReservedSeat.objects.live().select_related("seat")
        claimed = {(claim.label, claim.reservation_id) for claim in claims}
        standing = [one for one in self.box.bookings if one.state in CLAIMING]
        assert claimed == {(label, one.pk) for one in standing for label in one.seats}

    @invariant()
    def both_agree_on_money_at_stripe(self):
        payments = Payment.objects.exclude(intent_id=None).values_list("intent_id", "reservations")
        listed = self.stripe.call("GET", "/v1/payment_intents", limit=100)["data"]
        refunds = self.stripe.call("GET", "/v1/refunds", limit=100)["data"]
        back = Counter()
        for refund in refunds:
            back[refund["payment_intent"]] += refund["amount"]
        assert len(refunds) == sum(refund.sent for refund in self.box.refunds)  # each paid once
        found = {one["id"]: (one["status"], one["amount_received"], back[one["id"]])
                 for one in listed}  # fmt: skip
        expected = {one.pk: (one.intent, one.captured, one.captured - one.paid)
                    for one in self.box.bookings if one.intent}  # fmt: skip
        assert {pk: found[intent] for intent, pk in payments} == expected
        assert len(found) == len(expected)

    @invariant()
    def no_rule_of_the_audit_is_broken(self):
        for name, broken_by in RULES.items():
            assert not broken_by(self.box.now)[:1], name

    def teardown(self):
        if not hasattr(self, "box"):
            return
        self.stripe_is_in_trouble("none")
        now = aftermath.tidy_up(now=self.box.now)
        aftermath.assert_all_is_well(self.stripe, now=now)

    # How the two are held against each other.

    def one(self, n, fits=lambda b: True):
        """One that fits, counted from the latest: with those more happens than with the first."""
        fitting = [one for one in reversed(self.box.bookings) if fits(one)]
        return fitting[n % len(fitting)] if fitting else None

    def model(self, verb, one):
        """What the model says to a verb that may find Stripe away."""
        try:
            return verb(one)
        except Away:
            return "StripeUnavailable"

    def both(self, expected, verb, *args, **kwargs):
        """The product's answer to what the model has just answered."""
        now = self.box.now
        self.tick()
        answer, told = None, OK
        try:
            answer = verb(*args, now=now, **kwargs)
        except (BookingRefused, PaymentRefused) as refusal:
            told = type(refusal).__name__
        event(f"{verb.__name__}: {told}")  # shown by --hypothesis-show-statistics
        assert told == expected
        return answer

    def cancel_seats(self, one, seats):
        told = self.model(lambda one: self.box.cancel_seats(one, seats), one)
        self.both(told, checkout.cancel, self.record(one), sorted(seats), by=TEST)

    def tick(self):
        """Beyond every patience of housekeeping's."""
        self.box.now += timedelta(minutes=1)

    def record(self, one: Booking) -> Reservation:
        return Reservation.objects.select_related("payment").get(pk=one.pk)

    def intent_id(self, one: Booking) -> str:
        return self.record(one).payment.intent_id

    def about(self, message) -> Booking:
        reference = message["data"]["object"]["metadata"]["reference"]
        pk = Reservation.objects.get(reference=reference).pk
        return next(one for one in self.box.bookings if one.pk == pk)


@pytest.fixture
def cinema(stripe_standin, settings):
    settings.SEATS_PER_GUEST_AND_SHOWTIME = MOST
    Cinema.stripe, Cinema.configuration = stripe_standin, settings
    Cinema.showtime = make_showtime(auditorium=make_auditorium(plan="A  ssss"))
    Cinema.people = {"Alice": alice(), "Bob": bob()}
    return Cinema


def profile(examples, steps, **more):
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        **more,
    )


@pytest.mark.django_db(transaction=True)
def test_the_product_does_what_the_model_does(cinema):
    run_state_machine_as_test(cinema, settings=profile(examples=12, steps=25))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_product_does_what_the_model_does_for_long(cinema):
    run_state_machine_as_test(cinema, settings=profile(examples=600, steps=60))


def keep_the_claims(reservation, to, *, now, by):
    reservation.move(to, at=now, by=by)


def call_nothing_off(*args, **kwargs):
    pass


def give_everything_back(*args, **kwargs):
    """What it says when no seat would be left: then the whole booking is cancelled."""


MISTAKES = {
    "who gives one seat back gives all": (cancellation, "_leaving", give_everything_back),
    "what ends keeps its seats": (cancellation, "end", keep_the_claims),
    "money for nothing is kept": (settlement, "_abandon", call_nothing_off),
}


@pytest.mark.parametrize(
    "mistake",
    [
        "what ends keeps its seats",
        pytest.param("who gives one seat back gives all", marks=pytest.mark.long),
        pytest.param("money for nothing is kept", marks=pytest.mark.long),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_control_a_mistake_in_the_product_is_noticed(cinema, monkeypatch, mistake):
    monkeypatch.setattr(*MISTAKES[mistake])
    # It is enough to find it: no time is spent on the shortest story that shows it.
    found = profile(200, 30, derandomize=True, phases=[Phase.generate])
    with pytest.raises(Exception) as noticed:  # noqa: PT011 - any rule may notice it
        run_state_machine_as_test(cinema, settings=found)
    assert not isinstance(noticed.value, TypeError | NameError)
