"""Return page, API, webhook and housekeeping may all settle at the same moment."""

import functools

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from payments.models import Refund
from reservations import booking, checkout
from reservations.errors import BookingRefused
from reservations.models import Reservation, State
from reservations.tests.crowd import at_once
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)


def test_settling_in_parallel_captures_once_and_confirms_once(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    settle = functools.partial(checkout.settle, reservation.pk, now=timezone.now(), by=TEST)
    answers = at_once([settle] * 8)
    assert all(isinstance(a, Reservation) and a.is_confirmed for a in answers), answers
    assert reservation.history.count() == 2
    captured = stripe_standin.events("charge.captured")
    assert len(captured) == 1


def test_cancelling_fifty_times_at_once_pays_back_once(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")

    def cancel():
        fresh = Reservation.objects.select_related("payment").get(pk=reservation.pk)
        return checkout.cancel(fresh, now=timezone.now(), by=TEST)

    answers = at_once([cancel] * 16)
    assert all(isinstance(a, checkout.Cancelled) for a in answers), answers
    assert [refund.amount for refund in Refund.objects.all()] == [1200]
    refunds = stripe_standin.call("GET", "/v1/refunds")["data"]
    assert [refund["amount"] for refund in refunds] == [1200]


def test_a_cancel_against_a_settle_ends_sold_or_uncharged_or_refunded(stripe_standin):
    for _round in range(5):
        showtime, guest = make_showtime_again(), alice_again()
        reservation = start_for(guest, showtime, "A1")
        authorise(stripe_standin, reservation)
        settle = functools.partial(checkout.settle, reservation.pk, now=timezone.now(), by=TEST)
        fresh = Reservation.objects.select_related("payment").get(pk=reservation.pk)
        cancel = functools.partial(checkout.cancel, fresh, now=timezone.now(), by=TEST)
        answers = at_once([settle, cancel])
        unexpected = [
            a for a in answers if isinstance(a, Exception) and not isinstance(a, BookingRefused)
        ]
        assert not unexpected, unexpected
        reservation.refresh_from_db()
        charged = money_at_stripe(stripe_standin, reservation)
        assert charged == (reservation.amount if reservation.state == State.CONFIRMED else 0)


def test_money_against_a_second_guest_ends_with_one_of_them(stripe_standin):
    from datetime import timedelta

    now, showtime, first, second = timezone.now(), make_showtime(), alice(), bob()
    reservation = start_for(first, showtime, "A1", now=now)
    authorise(stripe_standin, reservation)
    later = now + timedelta(minutes=11)
    answers = at_once(
        [
            functools.partial(checkout.settle, reservation.pk, now=later, by=TEST),
            functools.partial(hold_for, second, showtime, "A1", now=later),
        ]
    )
    got_it = [a for a in answers if isinstance(a, Reservation)]
    assert len(got_it) == 1, answers
    reservation.refresh_from_db()
    charged = money_at_stripe(stripe_standin, reservation)
    assert charged == (1200 if got_it[0].pk == reservation.pk else 0)


def test_pinning_against_lapsing_ends_in_one_of_them(stripe_standin):
    from datetime import timedelta

    now = timezone.now()
    reservation = hold_for(alice(), make_showtime(), "A1", now=now)
    later = now + timedelta(minutes=11)
    at_once(
        [
            functools.partial(booking.pin, reservation.pk, now=later, by=TEST),
            functools.partial(booking.lapse, reservation.pk, now=later, by=TEST),
        ]
    )
    reservation.refresh_from_db()
    # A lapse that came first is undone by the pin: nobody else had taken the seat.
    assert reservation.state == State.PINNED
    assert reservation.seats.live().count() == 1


def money_at_stripe(stripe, reservation):
    intent = stripe.intent(reservation.payment.intent_id)
    refunds = stripe.call("GET", "/v1/refunds", payment_intent=intent["id"])["data"]
    return intent["amount_received"] - sum(refund["amount"] for refund in refunds)


def make_showtime_again():
    from movies.tests.factories import make_movie
    from showtimes.models import Auditorium
    from showtimes.tests.factories import make_auditorium

    name = f"Auditorium {Auditorium.objects.count() + 1}"
    return make_showtime(movie=make_movie(), auditorium=make_auditorium(name))


def alice_again():
    from accounts.models import User
    from accounts.tests.cast import make_person

    return User.objects.filter(name="Alice").first() or make_person("Alice")
