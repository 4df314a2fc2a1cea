"""Nobody keeps more seats than a guest needs, or for longer: not by many tabs, by holding again
and again, by being nobody in particular, or with Redis away."""

import functools
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.tests.cast import TEST, alice, api_client, as_json, bob
from moviereservation.web.limits import Limit
from reservations import booking, checkout
from reservations.booking import extension, merge
from reservations.booking.holder import Holder
from reservations.errors import BookingRefused, SeatsLost, TooManySeatsInAll, UnknownReservation
from reservations.limits import INTENTS_BY_GUEST
from reservations.models import Reservation, ReservedSeat, State
from reservations.pages import seats as seat_pages
from reservations.tests.crowd import at_once
from reservations.tests.factories import book_for, hold_as, hold_for
from reservations.tests.points import before_point
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

NOON = "2026-11-22T12:00:00Z"
LATER = timedelta(minutes=11)
VISITOR = "v" * 43


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def four_seats(settings):
    """The most that a guest may have of a showtime."""
    settings.SEATS_PER_GUEST_AND_SHOWTIME = 4


def hold_as_visitor(showtime, *labels, now):
    return hold_as(Holder(visitor=VISITOR), showtime.pk, labels, now=now)


def pin(reservation, now):
    booking.pin(reservation.pk, now=now, by=TEST)


# So many seats of a showtime for a guest


@pytest.mark.usefixtures("four_seats")
def test_what_was_bought_before_counts(stripe_standin, now):
    guest, showtime = alice(), make_showtime()
    book_for(stripe_standin, guest, showtime, "A1", "A2", now=now)
    assert hold_for(guest, showtime, "A3", "A4", now=now).state == State.HELD
    with pytest.raises(TooManySeatsInAll, match="You can have 4 seats"):
        hold_for(guest, showtime, "A3", "A4", "A5", now=now)
    assert Reservation.objects.filter(holding=True).count() == 1  # the old hold stays


@pytest.mark.usefixtures("four_seats")
def test_what_is_being_paid_for_counts(now):
    guest, showtime = alice(), make_showtime()
    pin(hold_for(guest, showtime, "A1", "A2", "A3", now=now), now)
    with pytest.raises(TooManySeatsInAll):
        hold_for(guest, showtime, "A4", "A5", now=now)


@pytest.mark.usefixtures("four_seats")
def test_a_hold_that_makes_room_for_another_does_not_count(now):
    guest, showtime = alice(), make_showtime()
    hold_for(guest, showtime, "A1", "A2", "A3", "A4", now=now)
    assert hold_for(guest, showtime, "C1", "C2", "C3", "C4", now=now).state == State.HELD


@pytest.mark.usefixtures("four_seats")
def test_what_was_cancelled_other_showtimes_and_other_guests_do_not_count(stripe_standin, now):
    guest, showtime = alice(), make_showtime()
    other = make_showtime(movie=showtime.movie, auditorium=make_auditorium("Two"))
    sold = book_for(stripe_standin, guest, showtime, "A1", "A2", "A3", "A4", now=now)
    assert hold_for(guest, other, "A1", "A2", now=now).state == State.HELD
    assert hold_for(bob(), showtime, "A5", "A6", now=now).state == State.HELD
    checkout.cancel(sold, now=now, by=TEST)
    assert hold_for(guest, showtime, "A1", "A2", now=now).state == State.HELD


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.usefixtures("four_seats")
def test_a_hold_paid_for_in_the_moment_of_the_next_one_counts(now, number):
    """The guest has another tab, which pays between two steps of this one."""
    guest, showtime = alice(), make_showtime()
    held = hold_for(guest, showtime, "A1", "A2", "A3", now=now)

    def pay():
        with suppress(SeatsLost):  # too late: this tab has replaced it
            pin(held, now)

    with before_point(number, pay, idle=True), suppress(TooManySeatsInAll):
        hold_for(guest, showtime, "A4", "A5", now=now)
    assert ReservedSeat.objects.live().count() in (2, 3)


@pytest.mark.usefixtures("four_seats")
def test_logging_in_is_no_way_around_it(client, now):
    guest, showtime = alice(), make_showtime()
    pin(hold_for(guest, showtime, "A1", "A2", "A3", now=now), now)
    answer = client.post(f"/book/{showtime.pk}/", {"seats": ["A4", "A5"]})
    checkout_page = answer["Location"]
    client.force_login(guest)
    answer = client.get(checkout_page, follow=True)
    assert answer.redirect_chain == [("/bookings/", 302)]
    assert "You can have 4 seats of a showtime" in answer.content.decode()
    assert not guest.reservations.filter(state=State.HELD).exists()


def test_the_api_says_so_in_a_code(stripe_standin, settings):
    settings.SEATS_PER_GUEST_AND_SHOWTIME = 2
    guest, showtime = alice(), make_showtime()
    book_for(stripe_standin, guest, showtime, "A1", "A2")
    wish = as_json({"showtimeId": showtime.pk, "seats": 1})
    answer = api_client(guest).post("/payment/create-payment-intent", **wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_seats")


# One hold for a guest and showtime


def test_two_browsers_of_one_guest_have_one_hold_whatever_they_do_at_once(now):
    guest, showtime = alice(), make_showtime()
    holder = Holder(guest_id=guest.pk)
    for _round in range(3):
        held = hold_as_visitor(showtime, "C1", "C2", now=now)
        jobs = [
            functools.partial(merge.merge, VISITOR, held.reference, guest.pk, now=now),
            *(
                functools.partial(hold_as, holder, showtime.pk, [label], now=now)
                for label in ("A1", "A2", "A3")
            ),
        ]
        answers = at_once(jobs)
        assert all(isinstance(a, Reservation | BookingRefused) for a in answers), answers
        assert Reservation.objects.filter(holding=True).count() == 1
        Reservation.objects.filter(holding=True).update(state=State.LAPSED, holding=None)
        ReservedSeat.objects.update(live=None)


def test_a_browsers_hold_is_taken_over_by_one_account_only(now):
    held = hold_as_visitor(make_showtime(), "A1", now=now)
    people = [alice(), bob()]
    answers = at_once(
        [
            functools.partial(merge.merge, VISITOR, held.reference, person.pk, now=now)
            for person in people
        ]
    )
    assert sorted(type(answer) for answer in answers if not isinstance(answer, Reservation)) == [
        UnknownReservation
    ]
    held.refresh_from_db()
    assert held.guest in people


# For so long


def test_other_seats_again_and_again_are_more_time_and_counted_as_that(settings, now):
    """A1 all the time, and another one beside it every nine minutes."""
    guest, showtime = alice(), make_showtime(starts_at=now + timedelta(days=2))
    for n in range(settings.HOLD_EXTENSIONS + 1):
        held = hold_for(guest, showtime, "A1", f"A{2 + n % 2}", now=now)
        assert held.held_until == now + timedelta(minutes=settings.HOLD_MINUTES)
        now += timedelta(minutes=9)
    last = hold_for(guest, showtime, "A1", "A4", now=now)
    assert last.held_until == held.held_until  # and not a minute more
    with pytest.raises(BookingRefused):
        extension.extend(last, now=now)
    now += timedelta(minutes=2)
    assert hold_for(bob(), showtime, "A1", now=now).state == State.HELD


def test_a_hold_after_a_lapse_begins_anew(now):
    guest, showtime = alice(), make_showtime()
    hold_for(guest, showtime, "A1", now=now)
    extension.extend(hold_for(guest, showtime, "A1", now=now), now=now)
    again = hold_for(guest, showtime, "A2", now=now + LATER)
    assert (again.extensions, again.held_until) == (0, now + LATER + timedelta(minutes=10))


# So often


def test_intents_are_limited_by_the_minute(stripe_standin):
    with time_machine.travel(NOON, tick=False):
        client, showtime = api_client(alice()), make_showtime()
        answers = [
            client.post(
                "/payment/create-payment-intent",
                **as_json({"showtimeId": showtime.pk, "seats": [f"A{1 + n % 10}"]}),
            ).status_code
            for n in range(INTENTS_BY_GUEST.times + 1)
        ]
    assert answers == [201] * INTENTS_BY_GUEST.times + [429]
    assert ReservedSeat.objects.live().count() == 1


def test_an_address_may_hold_so_often_whoever_it_says_it_is(monkeypatch):
    monkeypatch.setattr(seat_pages, "HOLDS_BY_ADDRESS", Limit("holds", times=3, seconds=60))
    with time_machine.travel(NOON, tick=False):
        showtime = make_showtime()
        answers = [
            # A new browser each time, without a cookie and behind another pretended proxy.
            Client(headers={"X-Forwarded-For": f"203.0.113.{n}"}).post(
                f"/book/{showtime.pk}/", {"seats": [f"A{n}"]}
            )
            for n in range(1, 6)
        ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert ReservedSeat.objects.live().count() == 3


def test_a_wish_for_more_than_a_party_holds_nothing(stripe_standin, settings):
    client, showtime = api_client(alice()), make_showtime()
    labels = [f"A{n}" for n in range(1, 11)] + ["C1"]
    assert len(labels) > settings.SEATS_PER_RESERVATION
    for seats in (labels, len(labels), 10**9):
        wish = as_json({"showtimeId": showtime.pk, "seats": seats})
        assert client.post("/payment/create-payment-intent", **wish).status_code == 400
    assert Client().post(f"/book/{showtime.pk}/", {"seats": labels}).status_code == 400
    assert not Reservation.objects.exists()
