"""The catalogue in the back office."""

import pytest

from accounts.tests.cast import bo, mia
from movies.errors import MovieHasSales
from movies.models import Genre, Movie
from movies.tests.factories import make_movie

pytestmark = pytest.mark.django_db
MOVIES = "/admin/movies/movie/"


def form(**fields) -> dict:
    return {"title": "Metropolis", "runtime_minutes": "148", "poster_url": ""} | fields


def test_a_manager_adds_a_movie_and_its_address_is_made_from_the_title(client):
    client.force_login(mia())
    drama = Genre.objects.create(name="Drama")
    answer = client.post(f"{MOVIES}add/", form(genres=[drama.pk]))
    assert answer.status_code == 302
    movie = Movie.objects.get()
    assert (movie.slug, movie.genre_list) == ("metropolis", ["Drama"])


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example/p.png", "ftp://x/y"])
def test_a_poster_address_that_is_none_is_refused_and_kept_in_its_field(client, address):
    client.force_login(mia())
    answer = client.post(f"{MOVIES}add/", form(poster_url=address))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["poster_url"]
    assert answer.context["adminform"].form["poster_url"].value() == address
    assert not Movie.objects.exists()


def test_what_is_changed_here_is_seen_by_guests_at_once(client, django_capture_on_commit_callbacks):
    movie = make_movie("Wings")
    assert client.get("/movies").json()[0]["title"] == "Wings"
    client.force_login(mia())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{MOVIES}{movie.pk}/change/", form(title="Wings (1927)", slug=movie.slug))
    assert client.get("/movies").json()[0]["title"] == "Wings (1927)"


def test_a_title_with_markup_is_shown_as_text(client):
    make_movie("<script>alert(1)</script>")
    client.force_login(mia())
    page = client.get(MOVIES).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_movie_nobody_booked_is_deleted_after_asking(client):
    movie = make_movie()
    client.force_login(mia())
    assert movie.title in client.get(f"{MOVIES}{movie.pk}/delete/").content.decode()
    assert Movie.objects.exists()
    client.post(f"{MOVIES}{movie.pk}/delete/", {"post": "yes"})
    assert not Movie.objects.exists()


def test_a_movie_with_sales_says_so_instead_of_going(client, monkeypatch):
    def refuse(movie):
        raise MovieHasSales

    movie = make_movie()
    monkeypatch.setattr("movies.catalogue.remove", refuse)
    client.force_login(mia())
    answer = client.post(f"{MOVIES}{movie.pk}/delete/", {"post": "yes"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{MOVIES}{movie.pk}/change/"
    assert "stays in the accounts" in answer.content.decode()
    assert Movie.objects.exists()


def test_the_box_office_only_looks(client):
    movie = make_movie()
    client.force_login(bo())
    assert client.get(MOVIES).status_code == 200
    assert client.post(f"{MOVIES}{movie.pk}/change/", form()).status_code == 403
    assert client.post(f"{MOVIES}{movie.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    for number in range(15):
        make_movie(f"Reel {number}", genres=["Comedy", f"Genre {number}"])
    client.force_login(mia())
    client.get(MOVIES)
    with django_assert_max_num_queries(9):
        page = client.get(MOVIES).content.decode()
    assert "Comedy, Genre 7" in page
