"""What a page says of itself: to search engines, to previews of links, to calendars."""

import json
import re
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from movies.tests.factories import make_movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme import availability
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2027, 1, 14, 12, tzinfo=NEW_YORK)
POSTER = "https://posters.example/metropolis.jpg"


@pytest.fixture(autouse=True)
def _noon(settings):
    settings.SITE_URL = "https://cinema.example"
    settings.CINEMA_NAME = "The Lantern"
    settings.CINEMA_ADDRESS = "12 Lantern Street, Springfield"
    with time_machine.travel(NOON, tick=False):
        yield


def read(client, path: str) -> str:
    return client.get(path).content.decode()


def tags(html: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html)
    return {name: unescape(content) for name, content in found}


def graph(html: str) -> list[dict[str, Any]]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(data)["@graph"]


def test_a_movies_page_can_be_shared(client):
    movie = make_movie("Metropolis", summary="A city above.", poster_url=POSTER, poster_alt="Robot")
    html = read(client, movie.get_absolute_url())
    told = tags(html)
    assert "<title>Metropolis: times and tickets · The Lantern</title>" in html
    assert '<link rel="canonical" href="https://cinema.example/whats-on/metropolis/">' in html
    assert told["description"] == "A city above. Times and tickets at The Lantern."
    assert told["og:title"] == "Metropolis: times and tickets"
    assert told["og:description"] == told["description"]
    assert told["og:url"] == "https://cinema.example/whats-on/metropolis/"
    assert (told["og:image"], told["og:image:alt"]) == (POSTER, "Robot")
    assert told["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("poster", ["", "/static/demo/posters/metropolis.svg"])
def test_a_preview_that_cannot_draw_the_poster_gets_the_houses_picture(client, poster):
    movie = make_movie(poster_url=poster)
    image = tags(read(client, movie.get_absolute_url()))["og:image"]
    assert image == "https://cinema.example/static/img/share.png"


def test_filters_do_not_make_another_page_of_a_day(client):
    for day in (14, 15):
        make_showtime(
            auditorium=make_auditorium(str(day)), starts_at=NOON.replace(day=day, hour=20)
        )
    canonical = '<link rel="canonical" href="https://cinema.example{}">'
    assert canonical.format("/") in read(client, "/?genre=Comedy")
    assert canonical.format("/?day=2027-01-15") in read(client, "/?day=2027-01-15&genre=Comedy")
    assert tags(read(client, "/"))["description"] == (
        "Movies and showtimes on Thursday, January 14 at The Lantern. Choose your own seats."
    )


def test_every_other_page_has_a_description_too(client):
    assert tags(read(client, "/account/log-in/"))["description"].startswith("The Lantern: ")


def test_a_showtime_is_a_screening_event_with_place_time_and_price(client):
    movie = make_movie(
        "Metropolis", genres=["Drama"], directors="Fritz Lang", cast="Brigitte Helm, Alfred Abel",
        runtime_minutes=148, rating="PG", language="Silent", poster_url=POSTER,
    )  # fmt: skip
    showtime = make_showtime(
        movie=movie, starts_at=NOON.replace(hour=20), prices={"standard": 1200, "premium": 1500},
        format="35 mm",
    )  # fmt: skip
    about, event = graph(read(client, movie.get_absolute_url()))
    assert (about["@type"], about["name"], about["duration"]) == ("Movie", "Metropolis", "PT148M")
    assert about["director"] == [{"@type": "Person", "name": "Fritz Lang"}]
    assert [person["name"] for person in about["actor"]] == ["Brigitte Helm", "Alfred Abel"]
    url = f"https://cinema.example/book/{showtime.pk}/"
    assert event["@type"] == "ScreeningEvent"
    assert event["workPresented"] == {"@id": about["@id"]}
    assert event["startDate"] == "2027-01-14T20:00:00-05:00"
    assert event["endDate"] == "2027-01-14T22:28:00-05:00"  # without the cleaning
    assert event["videoFormat"] == "35 mm"
    assert event["location"] == {
        "@type": "MovieTheater", "name": "The Lantern", "url": "https://cinema.example/",
        "address": "12 Lantern Street, Springfield",
        "containsPlace": {"@type": "Place", "name": "One"},
    }  # fmt: skip
    assert event["offers"] == {
        "@type": "Offer", "url": url, "price": "12.00", "priceCurrency": "USD",
        "availability": "https://schema.org/InStock",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("left", "availability_word", "words"),
    [
        (24, "InStock", "from $12.00"),
        (3, "LimitedAvailability", "Only 3 left"),
        (1, "LimitedAvailability", "The last seat"),
        (0, "SoldOut", "Sold out"),
    ],
)
def test_what_is_left_is_told_in_words_and_to_machines(
    client, monkeypatch, left, availability_word, words
):
    showtime = make_showtime()
    taken = showtime.auditorium.capacity - left
    monkeypatch.setattr(availability, "_counters", [lambda ids, *, now: dict.fromkeys(ids, taken)])
    html = read(client, showtime.movie.get_absolute_url())
    assert words in html
    assert graph(html)[1]["offers"]["availability"].endswith(f"/{availability_word}")


def test_a_currency_without_decimals_has_none(client, settings):
    settings.CURRENCY = "jpy"
    movie = make_showtime(prices={"standard": 1200}).movie
    assert graph(read(client, movie.get_absolute_url()))[1]["offers"]["price"] == "1200"


def test_no_title_can_end_the_data_and_begin_a_script(client):
    evil = "</script><script>alert(1)</script><!--\u2028&"
    movie = make_showtime(movie=make_movie(evil, description=evil, cast=evil)).movie
    html = read(client, movie.get_absolute_url())
    assert "<script>alert" not in html
    assert graph(html)[0]["name"] == evil


def test_a_showtime_goes_into_the_guests_calendar(client):
    movie = make_movie("Metropolis", runtime_minutes=148)
    showtime = make_showtime(movie=movie, starts_at=NOON.replace(hour=20))
    path = f"/whats-on/metropolis/{showtime.pk}.ics"
    assert f'href="{path}"' in read(client, movie.get_absolute_url())
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="metropolis.ics"'
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "Metropolis"
    assert event["DTSTART"].dt == NOON.replace(hour=20)
    assert event["LOCATION"] == "One, The Lantern, 12 Lantern Street, Springfield"


def test_a_draft_and_another_movies_showtime_have_no_calendar_file(client):
    showtime = make_showtime(movie=make_movie("Wings"))
    make_movie("Charade")
    assert client.get(f"/whats-on/charade/{showtime.pk}.ics").status_code == 404
    Showtime.objects.update(state=ShowtimeState.DRAFT)
    assert client.get(f"/whats-on/wings/{showtime.pk}.ics").status_code == 404


def test_a_movies_page_costs_three_queries_however_many_times_there_are(
    client, django_assert_num_queries
):
    movie, room = make_movie(), make_auditorium()
    for day in range(15, 25):
        make_showtime(movie=movie, auditorium=room, starts_at=NOON.replace(day=day))
    with django_assert_num_queries(3):
        client.get(movie.get_absolute_url())
