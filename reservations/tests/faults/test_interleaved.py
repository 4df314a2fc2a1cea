"""Any worker may be held up between any two of its steps, while another works or time passes.

Every verb is held up before each of its calls of Stripe, each answer, and each statement outside
of a transaction; meanwhile something else happens to the same reservation; then the verb goes on
with what it knew. Whatever the two leave, housekeeping brings to an end that is right.

    pytest reservations/tests/faults/test_interleaved.py           some of all combinations
    pytest reservations/tests/faults/test_interleaved.py -m long   all of them, in many minutes
"""

import itertools
import random
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import make_person
from movies.tests.factories import make_movie
from payments.errors import PaymentRefused
from reservations import booking, checkout
from reservations.errors import BookingRefused, StateMoved
from reservations.models import Reservation
from reservations.tests.aftermath import assert_all_is_well, assert_paid_as_seated, tidy_up
from reservations.tests.factories import authorise, hold_for, start_for
from reservations.tests.points import before_point
from reservations.upkeep import housekeeping
from showtimes.models import Auditorium, Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(minutes=11)
ANSWERS = (BookingRefused, PaymentRefused, StateMoved)
MOST_STEPS = 60
A_FEW = 12


def fresh(case):
    return Reservation.objects.select_related("payment").get(pk=case.pk)


def answered(verb, *args, **kwargs):
    """A refusal is an answer; everything else that is raised would be a 500."""
    try:
        verb(*args, **kwargs)
    except ANSWERS:
        return


# What a reservation may be when the two meet.


def authorised(case):
    authorise(case.stripe, fresh(case))


def lapsed_then_authorised(case):
    booking.lapse(case.pk, now=case.now + LATER, by=Actor.rule("time over"))
    authorised(case)


def known_to_be_authorised_after_the_lapse(case):
    """The seats were lost for a moment, and Stripe did not hear that the money is let go."""
    lapsed_then_authorised(case)
    rival = hold_for(case.bob, case.showtime, "A1", now=case.now + LATER)
    case.stripe.fault("POST /v1/payment_intents/*/cancel", "error")
    settle(case)
    case.stripe.clear_faults()
    booking.release(rival.pk, now=case.now + LATER, by=Actor.rule("Bob"))


def capture_unknown(case):
    authorised(case)
    case.stripe.fault("POST /v1/payment_intents/*/capture", "error", after=True)
    settle(case)
    case.stripe.clear_faults()


def captured_by_hand(case):
    authorised(case)
    case.stripe.call("POST", f"/v1/payment_intents/{fresh(case).payment.intent_id}/capture")


def sold(case):
    authorised(case)
    settle(case)


def partly_given_back(case):
    sold(case)
    case.stripe.fault("POST /v1/refunds", "error")
    give_one_back(case)
    case.stripe.clear_faults()


def sold_and_cancelled(case):
    sold(case)
    case.stripe.fault("POST /v1/refunds", "error")
    cancel(case)
    case.stripe.clear_faults()


# What is done to it: the verb that is held up, and what happens meanwhile.


def settle(case):
    answered(checkout.settle, case.pk, now=case.now, by=Actor.rule("settle"))


def settle_late(case):
    answered(checkout.settle, case.pk, now=case.now + LATER, by=Actor.rule("late"))


def cancel(case):
    answered(checkout.cancel, fresh(case), now=case.now, by=Actor.rule("cancel"))


def give_one_back(case):
    answered(checkout.cancel, fresh(case), ["A1"], now=case.now, by=Actor.rule("give back"))


def end(case):
    answered(checkout.cancel_intent, fresh(case), now=case.now)


def tidy(case):
    housekeeping.tidy(now=case.now + timedelta(minutes=1))


def tidy_late(case):
    housekeeping.tidy(now=case.now + LATER)


def replace(case):
    answered(hold_for, case.alice, case.showtime, "A2", "A3", now=case.now)


def take_over(case):
    """The time is over and somebody else wants one of the seats."""
    answered(hold_for, case.bob, case.showtime, "A1", now=case.now + LATER)


def show_cancelled(case):
    Showtime.objects.filter(pk=case.showtime.pk).update(state=ShowtimeState.CANCELLED)
    housekeeping.tidy(now=case.now + timedelta(minutes=1))


VERBS = (settle, settle_late, cancel, give_one_back, end, tidy, tidy_late, replace, take_over)
STATES = (
    authorised,
    lapsed_then_authorised,
    known_to_be_authorised_after_the_lapse,
    capture_unknown,
    captured_by_hand,
    sold,
    partly_given_back,
    sold_and_cancelled,
)
PAIRS = list(itertools.product(VERBS, (*VERBS, show_cancelled)))


@pytest.fixture
def cast(stripe_standin):
    return SimpleNamespace(
        stripe=stripe_standin, alice=make_person("Alice"), bob=make_person("Bob")
    )


def a_case(cast, state):
    number = Auditorium.objects.count()
    room = make_auditorium(f"Room {number}", plan="A  sss")
    showtime = make_showtime(movie=make_movie(f"Movie {number}"), auditorium=room)
    now = timezone.now()
    reservation = start_for(cast.alice, showtime, "A1", "A2", now=now)
    case = SimpleNamespace(**vars(cast), showtime=showtime, pk=reservation.pk, now=now)
    state(case)
    return case


def steps_when_held_up(cast, state, verb, meanwhile, number):
    """Hold up the verb before its step of this number, and see that all ends well."""
    case = a_case(cast, state)
    with before_point(number, partial(meanwhile, case), idle=True) as steps:
        verb(case)
    now = tidy_up(now=case.now + LATER)
    told = f"{meanwhile.__name__} while {verb.__name__} was before step {number} of {steps}"
    try:
        assert_paid_as_seated(cast.stripe, Reservation.objects.filter(showtime=case.showtime))
    except AssertionError as error:
        error.add_note(told)
        raise
    return len(steps), now


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_some_of_what_can_happen_while_a_verb_is_held_up_ends_well(cast, state):
    chosen = random.Random(state.__name__)
    for verb, meanwhile in chosen.sample(PAIRS, A_FEW):
        number = chosen.randint(1, 8)
        _steps, now = steps_when_held_up(cast, state, verb, meanwhile, number)
    assert_all_is_well(cast.stripe, now=now)


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_whatever_happens_while_a_verb_is_held_up_ends_well(cast, state, verb):
    for meanwhile in (*VERBS, show_cancelled):
        for number in range(1, MOST_STEPS):
            steps, now = steps_when_held_up(cast, state, verb, meanwhile, number)
            if steps < number:
                break
    assert_all_is_well(cast.stripe, now=now)
