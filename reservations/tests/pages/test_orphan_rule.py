"""On pages people are asked to mind others; programs are advised and do as they like."""

import re

import pytest

from accounts.tests.cast import alice, api_client
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def url(showtime):
    return f"/book/{showtime.pk}/"


def offers(html):
    """What each button of the refusal says and would send."""
    forms = re.findall(r'<form method="post">.*?</form>', html, re.DOTALL)
    words = [re.search(r"<button[^>]*>([^<]*)</button>", form)[1] for form in forms]
    labels = [re.findall(r'value="([A-Z]\d+)"', form) for form in forms]
    return dict(zip(words, labels, strict=True))


def test_who_would_leave_a_seat_alone_is_told_which_and_offered_one_step(client):
    answer = client.post(url(make_showtime()), {"seats": ["A2", "A3"]})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "That would leave seat A1 alone" in html
    assert offers(html) == {
        "Move one seat left: A1, A2": ["A1", "A2"],
        "Move 2 seats right: A4, A5": ["A4", "A5"],
    }
    assert not Reservation.objects.exists()


def test_the_step_that_is_offered_is_taken(client):
    showtime = make_showtime()
    html = client.post(url(showtime), {"seats": ["A2", "A3"]}).content.decode()
    client.post(url(showtime), {"seats": offers(html)["Move one seat left: A1, A2"]})
    assert Reservation.objects.get().labels == ["A1", "A2"]


def test_what_one_holds_oneself_is_nobody_elses(client):
    """Of A1 and A2 the guest keeps A2: A1 would be alone, though it is held now, by themselves."""
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    hold_for(guest, showtime, "A1", "A2")
    answer = client.post(url(showtime), {"seats": ["A2", "A3"]})
    assert (answer.status_code, Reservation.objects.get().labels) == (409, ["A1", "A2"])


def test_a_companion_seat_is_kept_for_companions(client):
    answer = client.post(url(make_showtime()), {"seats": ["B2"]})
    assert answer.status_code == 409
    assert "Take the wheelchair space as well: B1, B2" in offers(answer.content.decode())


def test_a_house_may_do_without_the_rule(client, settings):
    settings.ORPHAN_RULE = False
    client.post(url(make_showtime()), {"seats": ["A2", "A3"]})
    assert Reservation.objects.get().labels == ["A2", "A3"]


def test_the_best_seats_are_never_refused(client):
    client.post(url(make_showtime()), {"party": "4"})
    assert len(Reservation.objects.get().labels) == 4


@pytest.mark.usefixtures("stripe_standin")
def test_the_api_holds_what_it_is_asked_for():
    showtime = make_showtime()
    wish = {"showtimeId": showtime.pk, "seats": ["A2", "A3"]}
    answer = api_client(alice()).post("/payment/create-payment-intent", wish)
    assert answer.status_code == 201
