"""Reads that may be cached carry an ETag, and who has seen it is told 304."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.cast import alice
from movies.tests.factories import make_movie
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

PATHS = [
    "/movies",
    "/movies/{showtime.movie_id}",
    "/movies/{showtime.movie_id}/showtimes",
    "/showtimes/{showtime.pk}",
    "/showtimes/{showtime.pk}/seats",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_is_not_sent_again(path):
    path = path.format(showtime=make_showtime())
    first = APIClient().get(path)
    assert first["ETag"]
    again = APIClient().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("tag", ['"something-else"', "nonsense", 'W/"', "", '"' + "x" * 5000 + '"'])
def test_another_tag_gets_the_whole_answer(path, tag):
    path = path.format(showtime=make_showtime())
    assert APIClient().get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_cache_has_to_ask_each_time(path):
    answer = APIClient().get(path.format(showtime=make_showtime()))
    assert "max-age=0" in answer["Cache-Control"]


def test_a_change_has_another_tag(django_capture_on_commit_callbacks):
    showtime = make_showtime()
    paths = [path.format(showtime=showtime) for path in PATHS]
    before = {path: APIClient().get(path)["ETag"] for path in paths}
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(alice(), showtime, "A1")
        showtime.movie.title = "The General (restored)"
        showtime.movie.save()
    changed = {path for path in paths if APIClient().get(path)["ETag"] != before[path]}
    assert changed == set(paths)


def test_a_refusal_is_kept_by_nobody():
    answer = APIClient().get("/movies/404")
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_the_tag_of_one_page_is_not_that_of_another():
    for title in ("Charade", "Metropolis"):
        make_movie(title)
    tags = {APIClient().get(f"/movies?pageSize=1&page={n}")["ETag"] for n in (1, 2)}
    assert len(tags) == 2


def test_a_write_is_never_answered_304():
    make_showtime()
    answer = APIClient().post("/auth/login", {"email": "a@b.c", "password": "x"},
                              headers={"If-None-Match": "*"})  # fmt: skip
    assert answer.status_code == 401
