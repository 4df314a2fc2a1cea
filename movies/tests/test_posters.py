"""What a movie may look like: posters are addresses for browsers, titles are words for people."""

import socket

import pytest

from accounts.tests.cast import api_client, mia
from movies.models import Movie
from movies.tests.factories import make_movie

pytestmark = pytest.mark.django_db

METROPOLIS = {"title": "Metropolis"}


@pytest.mark.parametrize(
    "poster",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "file:///etc/passwd",
        "ftp://posters.example/a.jpg",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//evil.example/a.jpg",
        "/\\evil.example/a.jpg",
        "/\t/evil.example/a.jpg",
        "poster.jpg",
        "http://",
        f"https://posters.example/{'a' * 1000}",
        {"url": "https://posters.example/a.jpg"},
        7,
    ],
)
def test_a_poster_is_a_web_address_or_a_path_of_ours(poster):
    answer = api_client(mia()).post("/movies", METROPOLIS | {"posterImage": poster})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["posterImage"])
    assert not Movie.objects.exists()


@pytest.mark.parametrize("poster", ["", None])
def test_a_poster_can_be_taken_away(poster):
    movie = make_movie(poster_url="/static/poster.svg")
    answer = api_client(mia()).patch(f"/movies/{movie.pk}", {"posterImage": poster})
    assert (answer.status_code, answer.json()["posterImage"]) == (200, None)


def test_a_poster_is_shown_to_browsers_and_never_fetched_by_us(monkeypatch):
    """An address inside our own network is only a string: nobody looks at what is there."""

    def no_network(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the server asked for a poster")

    client = api_client(mia())
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    poster = "http://169.254.169.254/latest/meta-data"
    answer = client.post("/movies", METROPOLIS | {"posterImage": poster})
    assert (answer.status_code, answer.json()["posterImage"]) == (201, poster)


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "🎬 \u202emirror"]
)
def test_a_title_may_be_anything_that_people_write(title):
    answer = api_client(mia()).post("/movies", {"title": title})
    assert (answer.status_code, answer.json()["title"]) == (201, title)
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
