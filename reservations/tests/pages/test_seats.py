"""Choosing seats on the page: a plain form, and what it says when it must say no."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import alice, bob
from reservations.models import Reservation, State
from reservations.tests.factories import hold_for
from showtimes.formats import when
from showtimes.models import Seat, Showtime, ShowtimeState
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def url(showtime):
    return f"/book/{showtime.pk}/"


def seat(html, label):
    """The checkbox of a seat with its label, as it stands in the page."""
    pattern = rf'<input type="checkbox" name="seats" value="{label}".*?</label>'
    found = re.search(pattern, html)
    assert found, f"no seat {label}"
    return found[0]


def test_every_seat_is_a_checkbox_that_says_row_number_kind_price_and_state(client):
    html = client.get(url(make_showtime())).content.decode()
    assert "Row A, seat 1, <i>standard, $12.00, available</i>" in seat(html, "A1")
    assert "Row C, seat 3, <i>premium, $15.00, available</i>" in seat(html, "C3")
    assert html.count("<legend><span>Row </span>") == 3
    assert html.count('name="seats"') == 24


def test_what_cannot_be_had_is_disabled_and_says_why(client):
    showtime = make_showtime()
    Seat.objects.filter(row="A", number=4).update(out_of_order=True)
    hold_for(bob(), showtime, "A1")
    html = client.get(url(showtime)).content.decode()
    assert "disabled" in seat(html, "A1")
    assert "held by somebody" in seat(html, "A1")
    assert "not for sale" in seat(html, "A4")
    assert "disabled" not in seat(html, "A2")


def test_ticked_seats_are_held_and_the_guest_goes_on_to_paying(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    answer = client.post(url(showtime), {"seats": ["A1", "A2"]})
    reservation = Reservation.objects.get()
    assert answer.url == f"/checkout/{reservation.reference}/"
    assert (reservation.guest, reservation.labels) == (guest, ["A1", "A2"])


def test_a_party_gets_the_best_seats_together(client):
    client.post(url(make_showtime()), {"party": "3"})
    labels = Reservation.objects.get().labels
    assert len(labels) == 3
    assert len({label[0] for label in labels}) == 1


def test_nobody_needs_an_account_to_hold_seats(client):
    client.post(url(make_showtime()), {"seats": ["A1"]})
    reservation = Reservation.objects.get()
    assert reservation.guest is None
    assert reservation.visitor == client.session["visitor"]


def test_somebody_who_only_looks_gets_no_session(client):
    client.get(url(make_showtime()))
    assert "sessionid" not in client.cookies


def test_a_taken_seat_is_named_others_are_offered_and_the_rest_stays_ticked(client):
    showtime = make_showtime()
    hold_for(bob(), showtime, "A1")
    answer = client.post(url(showtime), {"seats": ["A1", "A2"]})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "A1 just went to somebody else." in html
    assert re.search(r"Take: A\d, A\d", html)
    assert "checked" in seat(html, "A2")
    assert "checked" not in seat(html, "A1")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose at least one seat."),
        ({"seats": ["Z9"]}, "There is no such seat: Z9."),
        ({"seats": ["A1", "A1"]}, "Chosen more than once: A1."),
        ({"party": "0"}, "Choose at least one seat."),
        ({"party": "many"}, "Choose at least one seat."),
        ({"party": "99999999"}, "Choose at least one seat."),
        ({"party": "11"}, "You can book 10 seats at a time."),
    ],
)
def test_a_wish_that_makes_no_sense_is_answered_by_the_map(client, sent, words):
    answer = client.post(url(make_showtime()), sent)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Reservation.objects.exists()


def test_what_one_holds_already_is_ticked_and_leads_on_to_paying(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    hold = hold_for(guest, showtime, "A1", "A2")
    html = client.get(url(showtime)).content.decode()
    assert "checked" in seat(html, "A1")
    assert f"/checkout/{hold.reference}/" in html


def test_other_seats_take_the_place_of_the_first_ones(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    first = hold_for(guest, showtime, "A1")
    client.post(url(showtime), {"seats": ["A3"]})
    first.refresh_from_db()
    assert first.state == State.CANCELLED


@pytest.mark.parametrize("change", [{"state": ShowtimeState.CANCELLED}, {"starts_at": None}])
def test_a_showtime_that_is_not_on_sale_any_more_says_so_and_shows_no_map(client, change):
    showtime = make_showtime()
    if "starts_at" in change:
        change = {"starts_at": timezone.now() - timedelta(minutes=1)}
    Showtime.objects.filter(pk=showtime.pk).update(**change)
    answer = client.get(url(showtime))
    assert answer.status_code == 410
    assert "See what’s on" in answer.content.decode()
    late = client.post(url(showtime), {"seats": ["A1"]})  # from a page that was opened before
    assert late.status_code == 409
    assert "This showtime is not on sale any more." in late.content.decode()
    for one in (answer, late):
        assert 'name="seats"' not in one.content.decode()


@pytest.mark.parametrize("showtime_id", ["0", "999999", "99999999999999999999"])
def test_an_unknown_showtime_is_404(client, showtime_id):
    assert client.get(f"/book/{showtime_id}/").status_code == 404
    assert client.post(f"/book/{showtime_id}/", {"party": "2"}).status_code == 404


def test_a_draft_is_404(client):
    showtime = make_showtime()
    Showtime.objects.filter(pk=showtime.pk).update(state=ShowtimeState.DRAFT)
    assert client.get(url(showtime)).status_code == 404


def test_the_page_costs_four_queries_and_none_while_it_is_cached(client, django_assert_num_queries):
    showtime = make_showtime()
    with django_assert_num_queries(4):
        client.get(url(showtime))
    with django_assert_num_queries(0):
        client.get(url(showtime))


def test_a_link_to_the_seats_shows_movie_and_time_where_it_is_shared(client, settings):
    settings.SITE_URL = "https://cinema.example"
    showtime = make_showtime()
    html = client.get(url(showtime)).content.decode()
    title = f'<meta property="og:title" content="{showtime.movie.title}, {when(showtime.starts_at)}'
    assert title in html
    assert f'<link rel="canonical" href="https://cinema.example{url(showtime)}">' in html
