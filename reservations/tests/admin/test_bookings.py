"""Bookings in the back office: all of them are found, none can be edited, one may be called off."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.cast import alice, bo, bob, dora, make_person, mia
from moviereservation.business_day import business_day
from payments.models import Refund
from reservations.models import Reservation, ReservedSeat, State, StateChange
from reservations.tests.factories import book_for, hold_for
from showtimes.models import Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
BOOKINGS = "/admin/reservations/reservation/"


@pytest.fixture
def manager(client):
    person = mia()
    client.force_login(person)
    return person


def cancel(client, *chosen: Reservation, confirmed: bool = True, **more):
    """The action on the list; without `confirmed` only the question is asked."""
    form = {"action": "cancel_and_refund", "_selected_action": [one.pk for one in chosen]} | more
    if confirmed:
        form["confirmed"] = "yes"
    return client.post(BOOKINGS, form, follow=True)


def found(client, **query) -> list[Reservation]:
    return list(client.get(BOOKINGS, query).context["cl"].result_list)


@pytest.mark.usefixtures("manager")
def test_a_booking_is_found_by_its_reference_its_guest_and_nobody_elses(client):
    showtime = make_showtime()
    hers = hold_for(alice(), showtime, "A1")
    hold_for(bob(), showtime, "A2")
    for words in (hers.reference, "alice@example.org", "Alice", hers.reference.lower()):
        assert found(client, q=words) == [hers]
    assert found(client, state__exact="confirmed") == []
    assert len(found(client, showtime__id__exact=showtime.pk)) == 2


@pytest.mark.usefixtures("manager")
def test_nothing_of_a_booking_can_be_typed(client):
    reservation = hold_for(alice(), make_showtime(), "A1")
    page = f"{BOOKINGS}{reservation.pk}/"
    assert "_save" not in client.get(f"{page}change/").content.decode()
    answer = client.post(f"{page}change/", {"state": "confirmed", "amount": "0"})
    assert answer.status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{BOOKINGS}add/").status_code == 403
    reservation.refresh_from_db()
    assert (reservation.state, reservation.amount) == (State.HELD, 1200)


@pytest.mark.usefixtures("manager")
def test_its_page_tells_seats_money_and_history(client, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", "C2")
    page = client.get(f"{BOOKINGS}{reservation.pk}/change/").content.decode()
    for words in ("A1", "C2", "premium", "$27.00", "held → payment under way", "alice@example.org"):
        assert words in page


def test_cancelling_asks_first(client, manager, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")
    page = cancel(client, reservation, confirmed=False).content.decode()
    assert "$24.00 will be refunded." in page
    reservation.refresh_from_db()
    assert reservation.is_confirmed
    assert not Refund.objects.exists()


# The rules open transactions of their own and ask Stripe: nothing may be wrapped around them.
@pytest.mark.django_db(transaction=True)
def test_a_cancelled_booking_is_paid_back_and_its_seats_are_free(client, manager, stripe_standin):
    showtime = make_showtime()
    reservation = book_for(stripe_standin, alice(), showtime, "A1", "A2")
    answer = cancel(client, reservation)
    assert "1 booking was cancelled." in answer.content.decode()
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert Refund.objects.get().status == "succeeded"
    assert not ReservedSeat.objects.live().exists()
    assert StateChange.objects.last().by == f"staff {manager.pk}"
    assert "$24.00" in client.get(f"{BOOKINGS}{reservation.pk}/change/").content.decode()


@pytest.mark.usefixtures("manager")
def test_cancelling_again_pays_nothing_back_again(client, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    cancel(client, reservation)
    answer = cancel(client, reservation)
    assert "nothing left to cancel" in answer.content.decode()
    assert Refund.objects.count() == 1


def test_after_the_cut_off_it_takes_a_tick_more(client, manager, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    begun = reservation.showtime.starts_at + timedelta(minutes=10)
    with time_machine.travel(begun, tick=False):
        client.force_login(manager)
        asked = cancel(client, reservation, confirmed=False).content.decode()
        assert 'name="despite_cutoff"' in asked
        assert "too late to cancel" in cancel(client, reservation).content.decode()
        reservation.refresh_from_db()
        assert reservation.is_confirmed
        cancel(client, reservation, despite_cutoff="yes")
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert Refund.objects.get().amount == 1200


@pytest.mark.usefixtures("manager")
def test_while_stripe_is_away_the_refund_stays_due(client, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    stripe_standin.fault("POST /v1/refunds", "error")
    assert cancel(client, reservation).status_code == 200
    reservation.refresh_from_db()
    assert reservation.state == State.CANCELLED
    assert Refund.objects.get().status == "due"


def test_the_box_office_looks_and_cancels_nothing(client, stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    client.force_login(bo())
    page = client.get(f"{BOOKINGS}{reservation.pk}/change/").content.decode()
    assert "Cancel and refund" not in page
    cancel(client, reservation)
    reservation.refresh_from_db()
    assert reservation.is_confirmed


def test_the_door_and_guests_see_no_bookings(client):
    client.force_login(dora())
    assert client.get(BOOKINGS).status_code == 403
    client.force_login(alice())
    assert client.get(BOOKINGS).status_code == 302


@pytest.mark.usefixtures("manager")
def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    for number in range(12):
        room = make_auditorium(f"Room {number}", plan="A  ssss")
        movie = None if number == 0 else Reservation.objects.first().showtime.movie
        showtime = make_showtime(auditorium=room, movie=movie)
        hold_for(make_person(f"Guest{number}"), showtime, "A1", "A2")
    client.get(BOOKINGS)
    with django_assert_max_num_queries(8):
        assert len(found(client)) == 12


@pytest.mark.usefixtures("manager")
def test_bookings_are_filtered_by_the_day_of_their_showtime(client):
    hold = hold_for(alice(), make_showtime(), "A1")
    day = business_day(hold.showtime.starts_at)
    assert found(client, day=day.isoformat()) == found(client) == [hold]
    assert found(client, day=(day + timedelta(days=1)).isoformat()) == []
    assert found(client, day="past") == []
    long_ago = timezone.now() - timedelta(days=9)
    Showtime.objects.update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=2))
    assert found(client, day="past") == found(client, day="rubbish") == [hold]
    assert found(client, day=day.isoformat()) == []
