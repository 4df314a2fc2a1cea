"""Showtimes in the back office: local times, whole money, refusals next to the field."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.cast import bo, mia
from movies.tests.factories import make_movie
from showtimes.admin.forms import PRICE_FIELDS, PriceField, ShowtimeForm
from showtimes.models import SeatKind, Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
SHOWTIMES = "/admin/showtimes/showtime/"
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)  # in New York


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _manager(client, _noon):
    client.force_login(mia())


def form(showtime: Showtime | None = None, **fields) -> dict:
    """What the page would send: of a showtime what it has, of a new one what it needs."""
    start = timezone.localtime(showtime.starts_at) if showtime else None
    return {
        "movie": showtime.movie_id if showtime else make_movie().pk,
        "auditorium": showtime.auditorium_id if showtime else make_auditorium("New").pk,
        "starts_at_0": f"{start:%Y-%m-%d}" if start else "2027-01-11",
        "starts_at_1": f"{start:%H:%M}" if start else "19:30",
        "state": showtime.state if showtime else "draft",
        "format": "2D",
        "language": "",
        "price_standard": "12.00",
        "price_premium": "15.00",
    } | fields


def errors(answer) -> dict:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_a_new_showtime_ends_after_runtime_and_cleaning(client, settings):
    settings.CLEANING_MINUTES = 20
    client.post(f"{SHOWTIMES}add/", form(price_sofa=""))
    showtime = Showtime.objects.get()
    assert showtime.starts_at == datetime(2027, 1, 12, 0, 30, tzinfo=UTC)
    assert showtime.ends_at - showtime.starts_at == timedelta(minutes=78 + 20)
    assert showtime.prices == {"standard": 1200, "premium": 1500}


def test_a_clash_is_told_next_to_the_start_and_what_was_typed_stays(client):
    there = make_showtime(starts_at=datetime(2027, 1, 12, 0, 30, tzinfo=UTC))
    typed = form(auditorium=there.auditorium_id, starts_at_1="20:00", language="Silent")
    answer = client.post(f"{SHOWTIMES}add/", typed)
    assert "is taken by “The General”" in errors(answer)["starts_at"][0]
    assert answer.context["adminform"].form["language"].value() == "Silent"
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2027-01-09", "19:30", "in the past"),
        ("2027-03-14", "02:30", "no such time"),
        ("2029-01-01", "19:30", "days ahead at most"),
    ],
)
def test_a_start_that_cannot_be_is_told_next_to_it(client, day, clock, words):
    answer = client.post(f"{SHOWTIMES}add/", form(starts_at_0=day, starts_at_1=clock))
    assert words in errors(answer)["starts_at"][0]
    assert not Showtime.objects.exists()


def test_a_time_that_comes_twice_is_the_first_of_the_two(client):
    client.post(f"{SHOWTIMES}add/", form(starts_at_0="2027-11-07", starts_at_1="01:30"))
    assert Showtime.objects.get().starts_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("price", ["12.005", "-1", "0.49", "10000.01", "twelve", ""])
def test_a_price_that_is_none_is_told_next_to_its_field(client, price):
    answer = client.post(f"{SHOWTIMES}add/", form(price_standard=price))
    assert set(errors(answer)) == {"price_standard"}
    assert not Showtime.objects.exists()


def test_every_kind_of_seat_has_a_field_for_its_price():
    assert set(PRICE_FIELDS.values()) == set(SeatKind)
    assert PRICE_FIELDS.keys() <= ShowtimeForm.base_fields.keys()


def test_a_currency_without_cents_has_prices_without_cents(settings):
    settings.CURRENCY = "jpy"
    field = PriceField(SeatKind.STANDARD)
    assert field.minor(field.clean("1800")) == 1800
    with pytest.raises(Exception, match="decimal"):
        field.clean("1800.50")


def test_moving_a_showtime_asks_for_the_auditorium_anew(client):
    first = make_showtime(starts_at=NOON + timedelta(days=1))
    second = make_showtime(
        movie=first.movie, auditorium=first.auditorium, starts_at=NOON + timedelta(days=1, hours=4)
    )
    local = timezone.localtime(first.starts_at)
    moved = form(second, starts_at_0=f"{local:%Y-%m-%d}", starts_at_1=f"{local:%H:%M}")
    answer = client.post(f"{SHOWTIMES}{second.pk}/change/", moved)
    assert "is taken by" in errors(answer)["starts_at"][0]
    later = form(second, starts_at_1="21:00")
    assert client.post(f"{SHOWTIMES}{second.pk}/change/", later).status_code == 302
    second.refresh_from_db()
    assert timezone.localtime(second.starts_at).hour == 21
    assert second.ends_at - second.starts_at == first.ends_at - first.starts_at


def test_a_manager_who_saves_late_does_not_revive_what_another_cancelled(client):
    showtime = make_showtime()
    typed = form(showtime, format="35 mm")
    Showtime.objects.update(state=ShowtimeState.CANCELLED)
    assert client.post(f"{SHOWTIMES}{showtime.pk}/change/", typed).status_code == 403
    showtime.refresh_from_db()
    assert (showtime.state, showtime.format) == (ShowtimeState.CANCELLED, "2D")


def test_cancelled_is_no_choice_of_the_form(client):
    showtime = make_showtime()
    answer = client.post(f"{SHOWTIMES}{showtime.pk}/change/", form(showtime, state="cancelled"))
    assert errors(answer)["state"]


def test_what_has_begun_stands_but_its_words_may_be_put_right(client):
    showtime = make_showtime()
    with time_machine.travel(showtime.starts_at + timedelta(minutes=5), tick=False):
        changed = form(showtime, starts_at_1="23:00", format="35 mm")
        assert client.post(f"{SHOWTIMES}{showtime.pk}/change/", changed).status_code == 302
    now = Showtime.objects.get()
    assert (now.starts_at, now.format) == (showtime.starts_at, "35 mm")


def test_drafts_are_put_on_sale_and_nothing_else_is(client):
    draft = make_showtime(state="draft")
    begun = make_showtime(movie=draft.movie, auditorium=make_auditorium("Two"), state="draft")
    Showtime.objects.filter(pk=begun.pk).update(starts_at=NOON - timedelta(minutes=1))
    cancelled = make_showtime(movie=draft.movie, auditorium=make_auditorium("Three"))
    Showtime.objects.filter(pk=cancelled.pk).update(state=ShowtimeState.CANCELLED)
    everything = [draft.pk, begun.pk, cancelled.pk]
    answer = client.post(
        f"{SHOWTIMES}?day=any",
        {"action": "put_on_sale", "_selected_action": everything},
        follow=True,
    )
    assert "1 showtime is on sale now." in answer.content.decode()
    states = Showtime.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["on_sale", "draft", "cancelled"]


def test_a_draft_nobody_booked_is_deleted(client):
    showtime = make_showtime(state="draft")
    client.post(f"{SHOWTIMES}{showtime.pk}/delete/", {"post": "yes"})
    assert not Showtime.objects.exists()


def test_the_box_office_sees_prices_and_changes_nothing(client):
    showtime = make_showtime(state="draft")
    client.force_login(bo())
    page = client.get(f"{SHOWTIMES}{showtime.pk}/change/").content.decode()
    assert "standard $12.00" in page
    assert client.post(f"{SHOWTIMES}{showtime.pk}/change/", form(showtime)).status_code == 403
    assert client.get(f"{SHOWTIMES}add/").status_code == 403
    client.post(SHOWTIMES, {"action": "put_on_sale", "_selected_action": [showtime.pk]})
    showtime.refresh_from_db()
    assert showtime.state == ShowtimeState.DRAFT
