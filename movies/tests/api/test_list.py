"""`GET /movies` and `/movies/:id`: what we show, for everybody, in one query."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from movies.models import Movie
from movies.tests.factories import make_movie

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "title", "originalTitle", "slug", "summary", "description", "genres", "posterImage",
    "posterAlt", "runtimeMinutes", "rating", "ratingReason", "releaseDate", "directors", "cast",
    "language", "country", "trailerUrl",
}  # fmt: skip


def titles(query: str = "") -> list[str]:
    answer = APIClient().get(f"/movies{query}")
    assert answer.status_code == 200
    return [movie["title"] for movie in answer.json()]


def test_a_movie_is_shown_with_all_that_is_known_of_it():
    movie = make_movie(
        "The General", genres=["Comedy", "Action"], description="A man, his engine, his girl.",
        poster_url="/static/poster.svg", rating="G", release_date=date(1926, 12, 31),
    )  # fmt: skip
    shown = APIClient().get(f"/movies/{movie.pk}").json()
    assert set(shown) == FIELDS
    assert (
        shown
        | {
            "id": movie.pk,
            "title": "The General",
            "slug": "the-general",
            "description": "A man, his engine, his girl.",
            "genres": ["Action", "Comedy"],
            "posterImage": "/static/poster.svg",
            "runtimeMinutes": 78,
            "rating": "G",
            "releaseDate": "1926-12-31",
        }
        == shown
    )
    assert APIClient().get("/movies").json() == [shown]


def test_what_is_not_known_is_null_and_never_left_out():
    Movie.objects.create(title="Untitled")
    (shown,) = APIClient().get("/movies").json()
    assert set(shown) == FIELDS
    assert (shown["genres"], shown["posterImage"]) == ([], None)
    assert (shown["runtimeMinutes"], shown["releaseDate"]) == (None, None)


def test_an_uploaded_poster_is_shown_by_its_address():
    Movie.objects.create(title="Uploaded", poster_file="posters/uploaded.jpg")
    assert APIClient().get("/movies").json()[0]["posterImage"] == "/media/posters/uploaded.jpg"


def test_movies_come_by_title():
    for title in ("Nosferatu", "Charade", "Metropolis"):
        make_movie(title)
    assert titles() == ["Charade", "Metropolis", "Nosferatu"]


def test_an_empty_catalogue_is_an_empty_list():
    answer = APIClient().get("/movies")
    assert answer.json() == []
    assert answer["X-Total-Count"] == "0"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?genre=Horror", ["Nosferatu"]),
        ("?genre=horror", ["Nosferatu"]),
        ("?genre=%20Horror%20", ["Nosferatu"]),
        ("?genre=Film%2C+silent", ["Metropolis"]),
        ("?genre=Hor", []),
        ("?genre=", ["Charade", "Metropolis", "Nosferatu"]),
        ("?search=vampire", ["Nosferatu"]),
        ("?search=LANG", ["Metropolis"]),
        ("?search=grant+hepburn", ["Charade"]),
        ("?search=grant+vampire", []),
        ("?search=%25", []),
        ("?search=_", []),
        ("?search=%27%20OR%201%3D1%20--", []),
        ("?genre=Horror&search=vampire", ["Nosferatu"]),
        ("?genre=Drama&search=vampire", []),
        ("?unknown=filter", ["Charade", "Metropolis", "Nosferatu"]),
    ],
)
def test_genre_and_search_narrow_the_list(query, found):
    make_movie("Nosferatu", genres=["Horror"], description="A vampire comes to town.")
    make_movie("Metropolis", genres=["Film, silent", "Drama"], directors="Fritz Lang")
    make_movie("Charade", genres=["Comedy"], cast="Cary Grant, Audrey Hepburn")
    assert titles(query) == found


def test_the_list_costs_one_query_however_long_and_none_while_it_is_cached(
    django_assert_num_queries,
):
    for n in range(12):
        make_movie(f"Reel {n}", genres=["Drama", "Comedy", f"Genre {n}"])
    with django_assert_num_queries(1):
        assert len(titles()) == 12
    with django_assert_num_queries(0):
        assert len(titles()) == 12


def test_one_movie_costs_one_query(django_assert_num_queries):
    movie = make_movie(genres=["Drama", "Comedy"])
    with django_assert_num_queries(1):
        APIClient().get(f"/movies/{movie.pk}")


@pytest.mark.parametrize("address", ["", "/"])
def test_both_addresses_work_with_and_without_a_slash(address):
    movie = make_movie()
    assert APIClient().get(f"/movies{address}").status_code == 200
    assert APIClient().get(f"/movies/{movie.pk}{address}").status_code == 200


@pytest.mark.parametrize(
    "number", ["0", "404", "9223372036854775807", "9223372036854775808", "9" * 30, "9" * 5000, "-1",
               "1.5", "abc", "1e3", "%00", "1%00", "٣"],
)  # fmt: skip
def test_a_movie_that_is_not_there_is_404(number):
    make_movie()
    answer = APIClient().get(f"/movies/{number}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_change_is_seen_at_once_although_the_list_is_cached(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        movie = make_movie("Metropolis")
    assert titles() == ["Metropolis"]
    with django_capture_on_commit_callbacks(execute=True):
        movie.title = "Metropolis (restored)"
        movie.save()
    assert titles() == ["Metropolis (restored)"]
    with django_capture_on_commit_callbacks(execute=True):
        movie.delete()
    assert titles() == []


def test_who_asks_for_lines_is_given_lines_and_the_next_is_not():
    make_movie()
    plain = APIClient().get("/movies")
    spaced = APIClient().get("/movies", headers={"accept": "application/json; indent=2"})
    assert spaced.content.startswith(b"[\n  {\n")
    assert spaced.json() == plain.json()
    assert spaced["ETag"] != plain["ETag"]
    assert APIClient().get("/movies").content == plain.content


def test_a_query_of_any_length_has_its_own_answer():
    make_movie("Metropolis")
    long = "x" * 3000
    assert titles(f"?search=metropolis&a={long}1") == ["Metropolis"]
    assert titles(f"?search=nosferatu&a={long}2") == []
