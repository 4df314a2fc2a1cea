"""What somebody sees who opens the back office: today, and what does not go right by itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.tests.cast import alice, bo, dora, mia
from movies.tests.factories import make_movie
from payments.models import IntentStatus, Payment, Refund, WebhookEvent
from reservations import booking
from reservations.booking import extension
from reservations.models import Reservation
from reservations.tests.factories import authorise, start_for
from showtimes.models import Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)  # in New York


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def failed_refund() -> Refund:
    payment = Payment.objects.create(
        payer=alice(), reference="7K2M9QXB4T", amount=2400, currency="usd", intent_id="pi_1",
        status=IntentStatus.SUCCEEDED, amount_captured=2400,
    )  # fmt: skip
    return Refund.objects.create(payment=payment, amount=2400, key="r", status="failed")


def test_today_is_there_with_its_seats_and_tomorrow_is_not(client):
    make_showtime(movie=make_movie("Wings"), starts_at=NOON + timedelta(hours=8))
    make_showtime(
        movie=make_movie("Detour"),
        auditorium=make_auditorium("Two"),
        starts_at=NOON + timedelta(hours=30),
    )
    client.force_login(mia())
    page = client.get("/admin/").content.decode()
    assert "Sunday, January 10" in page
    assert "Wings" in page
    assert "Detour" not in page
    assert 'aria-label="0 of 24 seats taken"' in page


def test_what_does_not_go_right_by_itself_comes_first(client):
    failed_refund()
    WebhookEvent.objects.create(event_id="e", type="t", received_at=NOON - timedelta(hours=1))
    make_showtime(state="draft", starts_at=NOON + timedelta(hours=3))
    client.force_login(mia())
    page = client.get("/admin/").content.decode()
    for words in ("1 refund failed", "1 message of Stripe’s waits", "1 draft starts within a day"):
        assert words in page


def test_what_is_fresh_is_no_trouble_yet(client):
    WebhookEvent.objects.create(event_id="e", type="t", received_at=NOON)
    client.force_login(mia())
    assert client.get("/admin/").context["troubles"] == []


def pinned(stripe_standin, *, at: datetime) -> Reservation:
    """Held nine minutes before it was given more time, and paid for at this moment."""
    showtime = make_showtime(starts_at=NOON + timedelta(hours=8), now=NOON - timedelta(days=1))
    held_at = at - timedelta(minutes=20)
    reservation = start_for(alice(), showtime, "A1", now=held_at)
    extension.extend(reservation, now=held_at + timedelta(minutes=9))
    extension.extend(reservation, now=held_at + timedelta(minutes=18))
    authorise(stripe_standin, reservation)
    return booking.pin(reservation.pk, now=at, by="test")


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_stuck_since_it_was_made_and_not_since_the_seats_were_held(
    client, stripe_standin
):
    reservation = pinned(stripe_standin, at=NOON - timedelta(seconds=11))
    assert reservation.created_at <= NOON - timedelta(minutes=20)
    client.force_login(mia())
    assert client.get("/admin/").context["troubles"] == []


@pytest.mark.django_db(transaction=True)
def test_a_payment_that_is_under_way_for_eleven_minutes_is_trouble(client, stripe_standin):
    pinned(stripe_standin, at=NOON - timedelta(minutes=11))
    client.force_login(mia())
    page = client.get("/admin/").content.decode()
    assert "1 payment is under way for more than ten minutes" in page
    assert 'href="/admin/reservations/reservation/?state__exact=pinned"' in page


def test_everybody_is_told_only_of_what_they_may_see(client):
    failed_refund()
    client.force_login(dora())
    page = client.get("/admin/").content.decode()
    assert "refund" not in page
    assert "Showtimes" in page
    client.force_login(bo())
    assert "1 refund failed" in client.get("/admin/").content.decode()


def test_nothing_is_deleted_in_bulk(client):
    showtime = make_showtime(state="draft")
    client.force_login(mia())
    for page in ("movies/movie", "movies/genre", "showtimes/showtime", "showtimes/auditorium"):
        answer = client.get(f"/admin/{page}/").content.decode()
        assert "delete_selected" not in answer
    form = {"action": "delete_selected", "_selected_action": [showtime.pk], "post": "yes"}
    client.post("/admin/showtimes/showtime/", form)
    assert Showtime.objects.exists()


def test_it_bears_the_name_of_the_cinema(client, settings):
    settings.CINEMA_NAME = "Rialto"
    client.force_login(mia())
    assert "Rialto" in client.get("/admin/").content.decode()


def test_its_pages_keep_to_the_strict_policy(client):
    """No script and no style inside the pages, and no wider policy for them."""
    make_showtime(movie=make_movie("Wings"))
    client.force_login(mia())
    for page in ("", "showtimes/showtime/", "showtimes/showtime/add/", "movies/movie/"):
        answer = client.get(f"/admin/{page}")
        policy = answer["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "<style" not in answer.content.decode()
        assert "style=" not in answer.content.decode()


def test_the_front_page_costs_the_same_on_a_busy_day(client, django_assert_max_num_queries):
    movie = make_movie()
    for number in range(12):
        make_showtime(
            movie=movie,
            auditorium=make_auditorium(f"Room {number}", plan="A  ss"),
            starts_at=NOON + timedelta(hours=2),
        )
    client.force_login(mia())
    client.get("/admin/")
    with django_assert_max_num_queries(13):
        client.get("/admin/")
