"""Every refusal is a problem document (RFC 9457) with a stable code, and tells nothing else."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from rest_framework.test import APIClient

from accounts.tests.cast import alice, api_client
from moviereservation.api_docs.problem_catalogue import problems as documented
from moviereservation.tests.web.hostile import ENDPOINTS, READS
from moviereservation.web import problems
from movies.tests.factories import make_movie

JSON = "application/json"


def send(method: str, path: str, body: bytes = b"", media_type: str = JSON, **headers: str):
    return APIClient().generic(method, path, body, content_type=media_type, headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body", "media_type", "status", "code"),
    [
        ("GET", "/movies?page=0", b"", JSON, 400, "invalid"),
        ("POST", "/auth/login", b"{}", JSON, 400, "invalid"),
        ("POST", "/auth/login", b"", JSON, 400, "invalid"),
        ("POST", "/auth/login", b"{", JSON, 400, "malformed"),
        ("POST", "/auth/login", b"[]", JSON, 400, "malformed"),
        ("POST", "/auth/login", b"null", JSON, 400, "malformed"),
        ("POST", "/auth/login", b'"text"', JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a": NaN}', JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a": 1e999}', JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a": "\xff"}', JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a": ' + b"9" * 5000 + b"}", JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a":' * 900 + b"1" + b"}" * 900, JSON, 400, "malformed"),
        ("POST", "/auth/login", b'{"a":' + b"[" * 99_999, JSON, 400, "malformed"),
        ("GET", "/auth/me", b"", JSON, 401, "not_authenticated"),
        ("POST", "/movies", b"{}", JSON, 401, "not_authenticated"),
        ("GET", "/movies/404", b"", JSON, 404, "not_found"),
        ("GET", "/movies/abc", b"", JSON, 404, "not_found"),
        ("GET", "/movies/1/2/3", b"", JSON, 404, "not_found"),
        ("GET", "/auth/nothing", b"", JSON, 404, "not_found"),
        ("GET", "/api/nothing", b"", JSON, 404, "not_found"),
        ("POST", "/reservations/nothing", b"{}", JSON, 404, "not_found"),
        ("PUT", "/auth/login", b"{}", JSON, 405, "method_not_allowed"),
        ("GET", "/payment/webhook", b"", JSON, 405, "method_not_allowed"),
        ("TRACE", "/movies", b"", JSON, 405, "method_not_allowed"),
        ("BREW", "/movies", b"", JSON, 405, "method_not_allowed"),
        ("POST", "/healthz", b"", JSON, 405, "method_not_allowed"),
        ("POST", "/auth/login", b'{"a":"' + b"x" * 300_000 + b'"}', JSON, 413, "too_large"),
        ("POST", "/auth/login", b"a=1", "application/x-www-form-urlencoded", 415, None),
        ("POST", "/auth/login", b"--x--", "multipart/form-data; boundary=x", 415, None),
        ("POST", "/auth/login", b"{}", "text/plain", 415, None),
        ("POST", "/auth/login", b"<a/>", "application/xml", 415, None),
        ("POST", "/auth/login", b"{}", "application/json; charset=utf-16", 415, None),
        ("POST", "/auth/login", b"x\x9c", "application/json; charset=zlib", 415, None),
    ],
)
def test_a_refusal_has_its_status_and_its_code(method, path, body, media_type, status, code):
    answer = send(method, path, body, media_type)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status)
    assert told["code"] == (code or "unsupported_media_type")
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(told)
    assert told["type"].endswith(f"#{told['code']}")
    assert told["title"]
    assert told["detail"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_json_is_read_with_a_byte_order_mark_and_any_spelling_of_its_type():
    for media_type in (JSON, "Application/JSON", "application/json; charset=UTF-8"):
        answer = send(
            "POST", "/auth/login", b'\xef\xbb\xbf{"email": "a", "password": "b"}', media_type
        )
        assert answer.json()["code"] == "wrong_login"


@pytest.mark.django_db
def test_a_method_that_there_is_not_is_answered_with_those_that_there_are():
    assert set(send("PUT", "/movies")["Allow"].split(", ")) >= {"GET", "POST"}
    assert send("OPTIONS", "/movies")["Allow"] == send("PUT", "/movies")["Allow"]
    assert send("DELETE", "/readyz")["Allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_who_is_not_logged_in_is_told_how():
    assert send("GET", "/auth/me")["WWW-Authenticate"].startswith("Bearer")
    wrong = APIClient().post("/auth/login", {"email": "a@b.c", "password": "x"})
    assert wrong["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
def test_an_answer_is_json_or_406():
    assert send("GET", "/movies", Accept="*/*").status_code == 200
    assert send("GET", "/movies", Accept="text/html,*/*;q=0.1").status_code == 200
    answer = send("GET", "/movies", Accept="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/movies", "/auth/me"])
def test_a_host_that_is_not_ours_is_refused(path):
    answer = send("GET", path, Host="evil.example")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def every_endpoint() -> list[tuple[str, str]]:
    calls = [(method, path) for method, path, _fields in ENDPOINTS]
    calls += [("GET", path) for path, _parameters in READS if path != "/healthz"]
    return [(m, p.format(movie=1, showtime=1, reservation=1)) for m, p in calls]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_while_the_database_is_away_everything_is_503(error, settings):
    settings.RATE_LIMITS = False
    client = api_client(alice())
    body = {"name": "Eve", "email": "eve@example.org", "password": "correct-horse-9"}

    def away(*_args: object) -> None:
        raise error(2006, "Server has gone away at 10.0.0.7, user 'cinema'")

    for method, path in every_endpoint():
        if path in ("/payment/webhook", "/auth/refresh", "/auth/logout"):
            continue  # refused before anything is looked up
        with connection.execute_wrapper(away):
            answer = getattr(client, method.lower())(path, body if method != "GET" else None)
        assert answer.status_code == 503, path
        assert answer.json()["code"] == "unavailable", path
        assert int(answer["Retry-After"]) > 0
        assert "10.0.0.7" not in answer.content.decode()


@pytest.mark.django_db
def test_a_bug_is_500_and_tells_nothing_of_itself(monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("movies.cached_reads.cached", broken)
    make_movie()
    client = APIClient(raise_request_exception=False)
    answer = client.get("/movies")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.content.decode()


def test_every_code_that_the_framework_refuses_with_is_documented():
    assert set(problems.CODES.values()) <= set(documented())
    assert {"malformed", "token_not_valid", "unavailable", "internal_error"} <= set(documented())
