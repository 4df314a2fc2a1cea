"""Lists are arrays of a hundred items at most; the headers say how many there are and where."""

import re

import pytest
from rest_framework.test import APIClient

from movies.models import Movie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seven_movies():
    Movie.objects.bulk_create(Movie(title=f"Reel {n}", slug=f"reel-{n}") for n in range(1, 8))


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return [movie["title"] for movie in answer.json()]


def links(answer) -> dict[str, str]:
    """Relation → address, as RFC 8288 has it."""
    return {
        relation: url for url, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"])
    }


def test_without_a_wish_the_first_hundred_come():
    answer = APIClient().get("/movies")
    assert len(titles(answer)) == 7
    assert answer["X-Total-Count"] == "7"
    assert set(links(answer)) == {"first", "last"}


def test_pages_follow_one_another_by_their_links():
    client, seen = APIClient(), []
    url = "http://testserver/movies?pageSize=3&search=reel"
    while url:
        answer = client.get(url)
        seen += titles(answer)
        assert answer["X-Total-Count"] == "7"
        url = links(answer).get("next")
    assert seen == [f"Reel {n}" for n in range(1, 8)]
    assert links(answer) == {
        "first": "http://testserver/movies?page=1&pageSize=3&search=reel",
        "prev": "http://testserver/movies?page=2&pageSize=3&search=reel",
        "last": "http://testserver/movies?page=3&pageSize=3&search=reel",
    }


def test_the_links_keep_the_filters_and_nothing_breaks_out_of_them():
    answer = APIClient().get('/movies?pageSize=3&search=reel&x=">;rel="evil"<>,\r\nX-Evil: 1')
    assert set(links(answer)) == {"first", "next", "last"}
    assert "X-Evil" not in answer
    assert "search=reel" in links(answer)["next"]


def test_exactly_a_full_page_has_no_next():
    answer = APIClient().get("/movies?pageSize=7")
    assert len(titles(answer)) == 7
    assert "next" not in links(answer)


def test_a_page_after_the_last_is_empty_and_knows_the_total():
    answer = APIClient().get("/movies?pageSize=3&page=9")
    assert titles(answer) == []
    assert answer["X-Total-Count"] == "7"
    assert set(links(answer)) == {"first", "last"}


@pytest.mark.parametrize("size", ["101", "1000", "1000000000", "999999999999"])
def test_a_page_has_a_hundred_items_however_many_are_asked_for(size):
    Movie.objects.bulk_create(Movie(title=f"More {n:03}", slug=f"m-{n}") for n in range(120))
    answer = APIClient().get(f"/movies?pageSize={size}")
    assert len(titles(answer)) == 100
    assert answer["X-Total-Count"] == "127"
    assert set(links(answer)) == {"first", "next", "last"}
    assert len(titles(APIClient().get(links(answer)["next"]))) == 27


@pytest.mark.parametrize("name", ["page", "pageSize"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "1.5", "1e3", "one", "%00", "٣", "²", "+1", "1,2", "9" * 13, "9" * 5000]
)
def test_what_is_no_whole_number_from_one_is_refused(name, value):
    answer = APIClient().get(f"/movies?{name}={value}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == [name]


def test_a_page_further_than_any_table_is_refused():
    answer = APIClient().get("/movies?page=999999999999")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["page"])


@pytest.mark.parametrize("query", ["?page=", "?pageSize=", "?page=&pageSize="])
def test_an_empty_wish_is_none(query):
    assert len(titles(APIClient().get(f"/movies{query}"))) == 7


def test_the_total_is_counted_only_when_it_is_not_seen_anyway(django_assert_num_queries):
    with django_assert_num_queries(1):
        APIClient().get("/movies")
    with django_assert_num_queries(2):
        APIClient().get("/movies?pageSize=3")
