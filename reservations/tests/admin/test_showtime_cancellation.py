"""A showtime that people have booked: it stands, or it is cancelled and everybody is paid back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.tests.cast import alice, bo, bob, make_person, mia
from payments.models import Refund
from reservations.admin import BookedShowtimeAdmin
from reservations.checkout import showtime_cancellation
from reservations.models import Reservation, State, StateChange
from reservations.tests.factories import book_for, hold_for, start_for
from reservations.upkeep import housekeeping
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
SHOWTIMES = "/admin/showtimes/showtime/"


@pytest.fixture
def manager(client):
    person = mia()
    client.force_login(person)
    return person


def cancel(client, *chosen: Showtime, confirmed: bool = True):
    form = {"action": "cancel_showtimes", "_selected_action": [one.pk for one in chosen]}
    if confirmed:
        form["confirmed"] = "yes"
    return client.post(f"{SHOWTIMES}?day=any", form, follow=True)


def form(showtime: Showtime, **fields) -> dict:
    start = timezone.localtime(showtime.starts_at)
    return {
        "movie": showtime.movie_id, "auditorium": showtime.auditorium_id,
        "starts_at_0": f"{start:%Y-%m-%d}", "starts_at_1": f"{start:%H:%M:%S}",
        "state": showtime.state, "format": "2D", "language": "", "price_standard": "12.00",
        "price_premium": "15.00",
    } | fields  # fmt: skip


@pytest.mark.usefixtures("manager")
def test_the_question_says_how_many_are_paid_back_and_how_much(client, stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1", "A2")
    book_for(stripe_standin, bob(), showtime, "C1")
    hold_for(make_person("Carol"), showtime, "A5")
    page = cancel(client, showtime, confirmed=False).content.decode()
    assert "2 bookings will be refunded, $39.00 in all." in page
    showtime.refresh_from_db()
    assert showtime.state == ShowtimeState.ON_SALE
    assert not Refund.objects.exists()


# The rules open transactions of their own and ask Stripe: nothing may be wrapped around them.
@pytest.mark.django_db(transaction=True)
def test_everybody_is_paid_back_once_and_no_seat_is_sold_any_more(client, manager, stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1", "A2")
    start_for(bob(), showtime, "C1")
    answer = cancel(client, showtime)
    assert "was cancelled, with 2 bookings." in answer.content.decode()
    showtime.refresh_from_db()
    assert showtime.state == ShowtimeState.CANCELLED
    assert set(Reservation.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert list(Refund.objects.values_list("amount", "status")) == [(2400, "succeeded")]
    assert StateChange.objects.last().by == f"staff {manager.pk}"
    assert "cancelled already" in cancel(client, showtime).content.decode()


@pytest.mark.usefixtures("manager")
def test_it_can_be_called_off_after_it_began(client, stripe_standin):
    """The projector breaks in the second reel."""
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1")
    Showtime.objects.update(starts_at=timezone.now() - timedelta(minutes=20))
    cancel(client, showtime)
    assert Refund.objects.get().amount == 1200


def test_what_there_was_no_time_for_housekeeping_finishes(stripe_standin):
    showtime, now = make_showtime(), timezone.now()
    book_for(stripe_standin, alice(), showtime, "A1")
    done = showtime_cancellation.cancel_showtime(showtime, now=now, by=Actor.staff(1), patience=-1)
    assert (done.cancelled, done.waiting) == (0, 1)
    housekeeping.tidy(now=now + timedelta(minutes=1))
    assert Reservation.objects.get().state == State.CANCELLED
    assert Refund.objects.get().status == "succeeded"


@pytest.mark.usefixtures("manager")
def test_while_stripe_is_away_the_showtime_is_cancelled_and_the_refund_due(client, stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1")
    stripe_standin.fault("POST /v1/refunds", "error")
    assert cancel(client, showtime).status_code == 200
    showtime.refresh_from_db()
    assert showtime.state == ShowtimeState.CANCELLED
    assert Refund.objects.get().status == "due"


@pytest.mark.usefixtures("manager")
def test_of_what_is_booked_place_and_time_stand_and_prices_may_change(client):
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1")
    other = make_auditorium("Two")
    moved = form(showtime, auditorium=other.pk, starts_at_1="09:00:00", state="draft",
                 price_standard="14.00")  # fmt: skip
    assert client.post(f"{SHOWTIMES}{showtime.pk}/change/", moved).status_code == 302
    now = Showtime.objects.get()
    assert (now.auditorium_id, now.starts_at, now.state) == (
        showtime.auditorium_id, showtime.starts_at, ShowtimeState.ON_SALE,
    )  # fmt: skip
    assert now.prices["standard"] == 1400
    assert Reservation.objects.get().amount == 1200
    assert "Seats are booked" in client.get(f"{SHOWTIMES}{showtime.pk}/change/").content.decode()


@pytest.mark.usefixtures("manager")
def test_who_books_while_a_manager_moves_it_keeps_the_showtime(client, monkeypatch):
    showtime, other = make_showtime(), make_auditorium("Two")
    hold_for(alice(), showtime, "A1")
    # When the form was read nobody had booked yet.
    monkeypatch.setattr(BookedShowtimeAdmin, "why_fixed", lambda self, showtime: "")
    answer = client.post(f"{SHOWTIMES}{showtime.pk}/change/", form(showtime, auditorium=other.pk))
    assert "Seats were booked meanwhile" in answer.content.decode()
    showtime.refresh_from_db()
    assert showtime.auditorium_id != other.pk


@pytest.mark.usefixtures("manager")
def test_a_showtime_that_was_ever_booked_is_cancelled_and_not_deleted(client):
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1")
    assert client.post(f"{SHOWTIMES}{showtime.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Showtime.objects.exists()


@pytest.mark.usefixtures("manager")
def test_a_cancelled_showtime_is_only_looked_at(client):
    showtime = make_showtime()
    cancel(client, showtime)
    page = client.get(f"{SHOWTIMES}{showtime.pk}/change/").content.decode()
    assert "_save" not in page
    assert "Cancel showtime" not in page


def test_the_box_office_cancels_nothing(client):
    showtime = make_showtime()
    client.force_login(bo())
    cancel(client, showtime)
    showtime.refresh_from_db()
    assert showtime.state == ShowtimeState.ON_SALE


def test_a_movie_that_was_booked_stays(client, manager):
    showtime = make_showtime()
    hold_for(alice(), showtime, "A1")
    page = f"/admin/movies/movie/{showtime.movie_id}/delete/"
    answer = client.post(page, {"post": "yes"}, follow=True)
    assert "stays in the accounts" in answer.content.decode()
    assert Showtime.objects.exists()


def test_what_it_would_cost_is_asked_once_for_many(django_assert_num_queries):
    movie = make_showtime().movie
    for number in range(5):
        make_showtime(movie=movie, auditorium=make_auditorium(f"Room {number}", plan="A  ss"))
    showtimes = list(Showtime.objects.all())
    with django_assert_num_queries(1):
        assert len(showtime_cancellation.cancellation_impacts(showtimes)) == 6
