"""Filters of what's on: plain links that add up, can be shared and can be taken back."""

import re
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from movies.tests.factories import make_movie
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def at(day: int, hour: int) -> datetime:
    return datetime(2027, 1, day, hour, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def _programme():
    """Tonight three movies, tomorrow one."""
    with time_machine.travel(at(14, 12), tick=False):
        nosferatu = make_movie("Nosferatu", genres=["Horror"], language="Silent")
        show(nosferatu, "One", 14, format="35 mm")
        show(make_movie("The Kid", genres=["Comedy"], cast="Charles Chaplin", language="Silent"),
             "Two", 14, has_captions=True, is_relaxed=True)  # fmt: skip
        show(make_movie("Charade", genres=["Comedy", "Mystery"], language="English"), "Three", 14,
             has_captions=True, language="English with German subtitles")  # fmt: skip
        show(make_movie("Detour", genres=["Crime"], language="English"), "One", 15)
        yield


def show(movie: Any, room: str, day: int, **how: Any) -> None:
    from showtimes.models import Auditorium

    auditorium = Auditorium.objects.filter(name=room).first() or make_auditorium(room)
    make_showtime(movie=movie, auditorium=auditorium, starts_at=at(day, 20), **how)


def read(client, query: str) -> str:
    return unescape(client.get(f"/{query}").content.decode())


def titles(html: str) -> list[str]:
    return re.findall(r'<h2 id="movie-\d+"><a [^>]*>([^<]+)</a>', html)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Charade", "Nosferatu", "The Kid"]),
        ("?genre=Horror", ["Nosferatu"]),
        ("?genre=horror", ["Nosferatu"]),
        ("?format=35+mm", ["Nosferatu"]),
        ("?format=2D", ["Charade", "The Kid"]),
        ("?language=Silent", ["Nosferatu", "The Kid"]),
        ("?language=English+with+German+subtitles", ["Charade"]),
        ("?language=English", []),
        ("?access=captions", ["Charade", "The Kid"]),
        ("?access=captions&access=relaxed", ["The Kid"]),
        ("?access=audio_description", []),
        ("?search=chaplin", ["The Kid"]),
        ("?search=chaplin&genre=Horror", []),
        ("?genre=Comedy&access=captions&language=Silent", ["The Kid"]),
        ("?day=2027-01-15&genre=Crime", ["Detour"]),
    ],
)
def test_filters_add_up(client, query, found):
    assert titles(read(client, query)) == found


def test_how_many_match_is_told_in_words(client):
    assert "3 movies on this day." in read(client, "")
    assert "One movie matches." in read(client, "?genre=Horror")
    assert "2 movies match." in read(client, "?access=captions")
    assert "No movie matches." in read(client, "?search=zzz")


def test_a_choice_is_a_link_that_keeps_the_day_and_every_other_choice(client):
    html = read(client, "?day=2027-01-14&access=captions&search=a")
    assert 'href="/?day=2027-01-14&genre=Comedy&access=captions&search=a"' in html
    assert 'href="/?day=2027-01-15&access=captions&search=a"' in html  # tomorrow's tab
    form = html[html.index('role="search"'):]  # fmt: skip
    assert '<input type="hidden" name="access" value="captions">' in form
    assert 'value="a"' in form


def test_only_choices_that_lead_somewhere_are_offered_each_with_its_number(client):
    html = read(client, "?genre=Horror")
    assert "access=captions" not in html
    assert re.search(r"genre=Comedy\S*>Comedy <[^>]*>2<", html)  # instead of horror


def test_every_filter_can_be_taken_back_alone_and_all_at_once(client):
    html = read(client, "?day=2027-01-14&genre=Comedy&access=captions&access=relaxed&search=kid")
    removed = dict(
        re.findall(
            r'class="chip" href="([^"]+)"><span class="visually-hidden">Remove this filter: '
            r"</span>([^<]+?) <",
            html,
        )
    )
    assert removed == {
        "/?day=2027-01-14&access=captions&access=relaxed&search=kid": "Comedy",
        "/?day=2027-01-14&genre=Comedy&access=relaxed&search=kid": "Captions",
        "/?day=2027-01-14&genre=Comedy&access=captions&search=kid": "Relaxed",
        "/?day=2027-01-14&genre=Comedy&access=captions&access=relaxed": "“kid”",
    }
    assert '<a href="/?day=2027-01-14">Show everything</a>' in html


def test_a_choice_that_was_made_is_the_current_one_and_leads_back(client):
    html = read(client, "?day=2027-01-14&genre=Horror")
    assert '<a href="/?day=2027-01-14" aria-current="true">Horror' in html


def test_nothing_found_names_the_next_day_with_a_match(client):
    html = read(client, "?genre=Crime")
    assert "Nothing matches" in html
    assert (
        '<a class="button" href="/?day=2027-01-15&genre=Crime">Friday, January 15: one movie'
        in html
    )


def test_after_the_last_day_the_nearest_one_before_is_named(client):
    assert 'href="/?day=2027-01-14&genre=Horror">Thursday' in read(
        client, "?day=2027-01-20&genre=Horror"
    )


def test_nothing_found_says_which_filter_is_in_the_way(client):
    html = read(client, "?genre=Horror&access=captions")
    assert "Without Captions: one movie on this day" in html
    assert "Without Horror: 2 movies on this day" in html


def test_what_no_day_has_leads_back(client):
    html = read(client, "?search=zzz")
    assert "Nothing on sale matches" in html
    assert '<a href="/?day=2027-01-14">Without “zzz”: 3 movies on this day</a>' in html
    html = read(client, "?search=zzz&genre=War")
    assert '<a class="button" href="/?day=2027-01-14">Show everything</a>' in html


def test_what_is_coming_is_searched_too(client):
    make_movie("Wings", genres=["War"])
    assert "Wings" in read(client, "?search=wings")
    assert "Wings" in read(client, "?genre=War")
    assert "Wings" not in read(client, "?search=kid")
    assert "Wings" not in read(client, "?access=captions")  # nobody knows yet


@pytest.mark.parametrize(
    "query",
    ["?genre=%00", "?genre=<script>alert(1)</script>", f"?search={'x' * 500}", "?access=flying",
     "?access=a&access=b&access=c&access=d", "?format=%F0%9F%8E%AC", "?genre=%27%3B--"],
)  # fmt: skip
def test_nonsense_is_answered_with_a_page(client, query):
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "queries"), [("", 5), ("?genre=Horror", 5), ("?search=kid", 6), ("?search=zzz", 9)]
)
def test_filtering_costs_no_query_and_searching_one(
    client, django_assert_num_queries, query, queries
):
    """Only where nothing matches the other days are looked at, with three."""
    with django_assert_num_queries(queries):
        client.get(f"/{query}")
