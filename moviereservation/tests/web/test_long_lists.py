"""Lists of the back office: a thousand rows are counted, and what begins as typed is found."""

import pytest
from django.contrib.messages import get_messages

from accounts.models import User
from accounts.tests.cast import make_person, mia
from moviereservation.web.admin import long_lists
from moviereservation.web.admin.long_lists import FirstRows
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db
PEOPLE, BOOKINGS = "/admin/accounts/user/", "/admin/reservations/reservation/"


@pytest.fixture
def guests(client):
    client.force_login(mia())
    return [make_person(f"Guest{number:02}") for number in range(12)]


def names(answer) -> list[str]:
    return [person.name for person in answer.context["cl"].result_list]


def test_what_is_more_than_is_counted_is_said_and_not_invented(client, guests, monkeypatch):
    assert f"{User.objects.count()} people" in client.get(PEOPLE).content.decode()
    monkeypatch.setattr(FirstRows, "most", 10)
    page = client.get(PEOPLE, {"q": "guest"}).content.decode()
    assert "more than 10 people, of which the first 10 are listed" in " ".join(page.split())
    assert "more than 10 results" in page
    page = client.get(PEOPLE, {"q": "guest"}, headers={"accept-language": "de"}).content.decode()
    assert "davon die ersten 10" in page
    monkeypatch.setattr(FirstRows, "most", len(guests))
    assert "12 results" in client.get(PEOPLE, {"q": "guest"}).content.decode()


def test_pages_end_where_the_count_ends(client, guests, monkeypatch):
    monkeypatch.setattr("accounts.admin.PersonAdmin.list_per_page", 5)
    found = [names(client.get(PEOPLE, {"q": "guest", "p": page})) for page in (1, 2, 3)]
    assert found == [[guest.name for guest in guests[n : n + 5]] for n in (0, 5, 10)]
    assert len(names(client.get(PEOPLE, {"q": "guest", "all": "1"}))) == 12
    monkeypatch.setattr(FirstRows, "most", 10)
    assert client.get(PEOPLE, {"q": "guest", "p": 3}).status_code == 302
    assert client.get(PEOPLE, {"q": "guest", "p": "x"}).status_code == 200


def test_what_is_not_counted_cannot_be_chosen_all_at_once(client, guests, monkeypatch):
    showtime = make_showtime(auditorium=make_auditorium(plan="A  " + "s" * 12))
    for number, guest in enumerate(guests):
        hold_for(guest, showtime, f"A{number + 1}")
    monkeypatch.setattr("reservations.admin.ReservationAdmin.list_per_page", 5)
    assert "Select all 12" in client.get(BOOKINGS).content.decode()
    monkeypatch.setattr(FirstRows, "most", 10)
    page = client.get(BOOKINGS).content.decode()
    assert "Select all 1" not in page
    assert "0 of 5 selected" in page


def test_a_beginning_is_found_in_any_case_and_the_middle_is_not(client, guests):
    assert names(client.get(PEOPLE, {"q": " GUEST0 "})) == [guest.name for guest in guests[:10]]
    assert names(client.get(PEOPLE, {"q": "est0"})) == []
    assert names(client.get(PEOPLE, {"q": "guest%"})) == []
    assert len(names(client.get(PEOPLE, {"q": "  "}))) == User.objects.count()


def test_filters_and_search_go_together(client, guests):
    User.objects.filter(pk__in=[guest.pk for guest in guests[:2]]).update(is_active=False)
    switched_off = client.get(PEOPLE, {"q": "guest", "is_active__exact": "0"})
    assert names(switched_off) == [guest.name for guest in guests[:2]]


def test_it_is_said_when_too_much_begins_so(client, guests, monkeypatch):
    monkeypatch.setattr(long_lists, "MOST_FOLLOWED", 11)
    showtime = make_showtime()
    hold_for(guests[0], showtime, "A1")

    def warnings(words: str) -> list[str]:
        return [str(said) for said in get_messages(client.get(BOOKINGS, {"q": words}).wsgi_request)]

    assert warnings("guest0") == []
    (warning,) = warnings("guest")
    assert "Too much begins with “guest”" in warning


def test_words_anywhere_are_found_in_small_tables(client):
    client.force_login(mia())
    showtime = make_showtime()
    words = " ".join(reversed(showtime.movie.title.split()))[-60:]
    answer = client.get("/admin/showtimes/showtime/", {"q": words})
    assert list(answer.context["cl"].result_list) == [showtime]
