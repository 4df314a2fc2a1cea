"""`POST`, `PUT`, `PATCH`, `DELETE /movies`: what managers do to the catalogue, and nobody else."""

import pytest

from accounts.tests.cast import alice, api_client, bo, dora, mia
from movies.models import Genre, Movie
from movies.tests.factories import make_movie

pytestmark = pytest.mark.django_db

METROPOLIS = {
    "title": "Metropolis",
    "description": "A city above, a city below.",
    "genres": ["Science fiction", "Drama"],
    "posterImage": "https://posters.example/metropolis.jpg",
    "runtimeMinutes": 153,
    "rating": "PG",
    "releaseDate": "1927-01-10",
}


def test_a_manager_adds_a_movie():
    answer = api_client(mia()).post("/movies", METROPOLIS)
    assert answer.status_code == 201
    movie = Movie.objects.get()
    expected = METROPOLIS | {
        "id": movie.pk, "slug": "metropolis", "genres": ["Drama", "Science fiction"],
    }  # fmt: skip
    assert answer.json() | expected == answer.json()
    assert api_client().get(f"/movies/{movie.pk}").json() == answer.json()


def test_a_title_is_enough():
    answer = api_client(mia()).post("/movies", {"title": "Untitled"})
    assert answer.status_code == 201
    assert (answer.json()["genres"], answer.json()["posterImage"]) == ([], None)


@pytest.mark.parametrize(
    ("said", "genres"),
    [
        ({"genre": "Drama"}, ["Drama"]),
        ({"genre": "Drama, Comedy"}, ["Comedy", "Drama"]),
        ({"genre": ["Drama", "Comedy"]}, ["Comedy", "Drama"]),
        ({"genres": "Drama"}, ["Drama"]),
        ({"genres": ["Drama", "drama", " DRAMA "]}, ["Drama"]),
        ({"genres": ["Drama, silent"]}, ["Drama, silent"]),
        ({"genres": ["Drama"], "genre": "Comedy"}, ["Drama"]),
        ({"genre": ""}, []),
        ({"genres": []}, []),
        ({}, []),
    ],
)
def test_a_genre_may_be_said_in_either_name_and_either_shape(said, genres):
    answer = api_client(mia()).post("/movies", {"title": "Metropolis"} | said)
    assert answer.status_code == 201
    assert answer.json()["genres"] == genres


def test_two_movies_of_one_name_have_two_addresses():
    client = api_client(mia())
    slugs = [client.post("/movies", {"title": "Nosferatu"}).json()["slug"] for _n in range(3)]
    assert slugs == ["nosferatu", "nosferatu-2", "nosferatu-3"]
    assert client.post("/movies", {"title": "七人の侍"}).json()["slug"] == "movie"


def test_put_replaces_and_patch_changes_what_is_said():
    movie = make_movie("Nosferatu", genres=["Drama"], rating="PG")
    client = api_client(mia())
    answer = client.patch(f"/movies/{movie.pk}", {"rating": "R"})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["rating"]) == ("Nosferatu", "R")
    assert answer.json()["genres"] == ["Drama"]
    answer = client.put(f"/movies/{movie.pk}", {"title": "Nosferatu, eine Symphonie", "genres": []})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["genres"]) == ("Nosferatu, eine Symphonie", [])
    assert answer.json()["slug"] == "nosferatu", "an address that was shared stays"
    missing = client.put(f"/movies/{movie.pk}", {"rating": "G"})
    assert (missing.status_code, list(missing.json()["errors"])) == (400, ["title"])


def test_a_movie_that_nobody_booked_can_be_deleted():
    movie, other, client = make_movie("Nosferatu"), make_movie("Charade"), api_client(mia())
    answer = client.delete(f"/movies/{movie.pk}")
    assert answer.status_code == 200
    assert "Nosferatu" in answer.json()["message"]
    assert list(Movie.objects.all()) == [other]
    assert client.delete(f"/movies/{movie.pk}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", None),
        ("title", 7),
        ("title", "x" * 201),
        ("title", {"en": "Metropolis"}),
        ("title", "Metro\x00polis"),
        ("description", "x" * 10_001),
        ("description", ["A city"]),
        ("genres", {"a": 1}),
        ("genres", ["x" * 61]),
        ("genres", [1]),
        ("genres", [["Drama"]]),
        ("genres", [""]),
        ("genres", [f"Genre {n}" for n in range(21)]),
        ("genre", 7),
        ("genre", "x" * 61),
        ("runtimeMinutes", 0),
        ("runtimeMinutes", -90),
        ("runtimeMinutes", 901),
        ("runtimeMinutes", 90.5),
        ("runtimeMinutes", True),
        ("runtimeMinutes", "long"),
        ("runtimeMinutes", 10**30),
        ("runtimeMinutes", [90]),
        ("releaseDate", "1927-13-01"),
        ("releaseDate", "tomorrow"),
        ("releaseDate", 1927),
        ("releaseDate", {"year": 1927}),
        ("rating", "x" * 21),
        ("trailerUrl", "javascript:alert(1)"),
        ("trailerUrl", 7),
    ],
)
def test_a_value_that_is_not_valid_is_named_and_changes_nothing(field, value):
    movie = make_movie("Nosferatu")
    client = api_client(mia())
    before = Movie.objects.values().get()
    for answer in (
        client.post("/movies", METROPOLIS | {field: value}),
        client.put(f"/movies/{movie.pk}", METROPOLIS | {field: value}),
        client.patch(f"/movies/{movie.pk}", {field: value}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert list(answer.json()["errors"]) == [field]
    assert Movie.objects.values().get() == before
    assert list(Genre.objects.values_list("name", flat=True)) == ["Comedy"]


@pytest.mark.parametrize("person", [alice, bo, dora])
def test_only_managers_may_write(person):
    movie = make_movie("Nosferatu")
    client = api_client(person())
    for answer in (
        client.post("/movies", METROPOLIS),
        client.put(f"/movies/{movie.pk}", METROPOLIS),
        client.patch(f"/movies/{movie.pk}", METROPOLIS),
        client.delete(f"/movies/{movie.pk}"),
        client.delete("/movies/404"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert [m.title for m in Movie.objects.all()] == ["Nosferatu"]


def test_without_a_log_in_nobody_writes():
    movie = make_movie("Nosferatu")
    client = api_client()
    for answer in (
        client.post("/movies", METROPOLIS),
        client.put(f"/movies/{movie.pk}", METROPOLIS),
        client.patch(f"/movies/{movie.pk}", METROPOLIS),
        client.delete(f"/movies/{movie.pk}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert [m.title for m in Movie.objects.all()] == ["Nosferatu"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("number", ["404", "9223372036854775808", "9" * 40])
def test_what_is_not_there_cannot_be_changed(method, number):
    answer = getattr(api_client(mia()), method)(f"/movies/{number}", METROPOLIS)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Movie.objects.exists()
