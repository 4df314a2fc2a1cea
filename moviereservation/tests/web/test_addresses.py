"""Every documented path works with and without a trailing slash, without a detour."""

import pytest
from django.test import RequestFactory
from django.urls import resolve
from rest_framework.test import APIClient

from moviereservation.tests.web.hostile import ENDPOINTS, READS
from moviereservation.web.addresses import is_api

PATHS = sorted({path for _method, path, _fields in ENDPOINTS} | {path for path, _ in READS})


@pytest.mark.parametrize("path", [*PATHS, "/api/schema"])
def test_a_path_is_the_same_with_and_without_a_slash(path):
    path = path.format(movie=1, showtime=1, reservation=1)
    assert resolve(path).func == resolve(f"{path}/").func


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/movies", "/healthz", "/readyz", "/api/schema"])
def test_neither_is_a_redirect(path):
    for spelled in (path, f"{path}/"):
        assert APIClient().get(spelled).status_code == 200


def test_a_page_is_led_to_its_one_address():
    answer = APIClient().get("/api/docs")
    assert (answer.status_code, answer["Location"]) == (301, "/api/docs/")


@pytest.mark.django_db
def test_a_post_without_a_slash_is_not_lost_on_the_way():
    for path in ("/auth/login", "/auth/login/"):
        answer = APIClient().post(path, {"email": "a@b.c", "password": "x"})
        assert answer.status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/Movies", "/movies//", "/movies/../movies", "/movies%00"])
def test_other_spellings_are_other_addresses(path):
    assert APIClient().get(path).status_code == 404


@pytest.mark.parametrize("path", [*PATHS, "/readyz", "/api/schema", "/api/nothing", "/movies/a/b"])
def test_a_program_is_known_by_what_it_asks_for(path):
    path = path.format(movie=1, showtime=1, reservation=1)
    for spelled in (path, f"{path}/"):
        assert is_api(RequestFactory().get(spelled))


@pytest.mark.parametrize(
    "path", ["/", "/api/docs", "/api/docs/", "/api/docs/problems/", "/moviesque", "/book/1/"]
)
def test_people_are_known_by_what_they_ask_for(path):
    assert not is_api(RequestFactory().get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/schema", "/healthz", "/readyz", "/movies"])
def test_a_program_is_given_no_session_and_no_policy(path):
    answer = APIClient().get(path)
    assert "Content-Security-Policy" not in answer
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db
def test_the_description_is_compressed_all_the_same():
    answer = APIClient().get("/api/schema", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
