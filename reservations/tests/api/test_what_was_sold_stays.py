"""What was sold stays in the accounts: movies, showtimes, seats, and sales of people who left."""

import pytest

from accounts.tests.cast import alice, api_client, mia
from movies.models import Movie
from payments.models import Payment
from reservations.models import Reservation, State
from reservations.tests.factories import book_for
from showtimes.errors import SeatsInUse
from showtimes.models import Seat, Showtime
from showtimes.seat_plan import apply_plan
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_a_movie_with_sales_cannot_be_deleted(stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1")
    answer = api_client(mia()).delete(f"/movies/{showtime.movie_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "movie_has_sales")
    assert (Movie.objects.count(), Showtime.objects.count(), Reservation.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_movie_whose_sales_were_paid_back_stays_too(stripe_standin):
    showtime, guest = make_showtime(), alice()
    reservation = book_for(stripe_standin, guest, showtime, "A1")
    api_client(guest).delete(f"/reservations/{reservation.pk}")
    answer = api_client(mia()).delete(f"/movies/{showtime.movie_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "movie_has_sales")


def test_a_movie_with_showtimes_that_nobody_booked_goes_with_them():
    showtime = make_showtime()
    assert api_client(mia()).delete(f"/movies/{showtime.movie_id}").status_code == 200
    assert not Showtime.objects.exists()


def test_a_person_who_leaves_is_erased_and_the_sale_stays(stripe_standin):
    guest = alice()
    reservation = book_for(stripe_standin, guest, make_showtime(), "A1")
    assert api_client(guest).delete("/auth/me").status_code == 204
    reservation.refresh_from_db()
    assert (reservation.state, reservation.amount) == (State.CONFIRMED, 1200)
    assert Payment.objects.get().amount_captured == 1200
    told = api_client(mia()).get(f"/reservations/showtime/{reservation.showtime_id}")
    assert told.json()["revenue"]["amount"] == 1200
    assert "alice" not in told.content.decode().lower()


def test_a_seat_that_was_booked_cannot_leave_the_plan(stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1", "A10")
    auditorium, seats = showtime.auditorium, Seat.objects.count()
    auditorium.plan = "A  sssss"
    with pytest.raises(SeatsInUse, match="A10"):
        apply_plan(auditorium)
    assert Seat.objects.count() == seats
