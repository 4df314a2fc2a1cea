"""Programs take the short way to the same views, and their answers carry what they always did."""

import pytest
from django.conf import settings as project
from django.test import Client

passed: list[str] = []
FOR_EVERYBODY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FROM_INSIDE = FOR_EVERYBODY | {
    "X-Frame-Options": "DENY",
    "Content-Language": "de",
    "Vary": "Accept-Language",
}


def noting(get_response):
    def middleware(request):
        passed.append(request.path)
        return get_response(request)

    return middleware


def ask(method: str, path: str, body: bytes = b"", **headers: str):
    german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}
    client = Client(enforce_csrf_checks=True)
    return client.generic(method, path, body, "application/json", headers=german | headers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "status", "headers"),
    [
        (("GET", "/movies"), 200, FROM_INSIDE),
        (("GET", "/movies/"), 200, FROM_INSIDE),
        (("HEAD", "/movies"), 200, FROM_INSIDE),
        (("GET", "/healthz"), 200, FROM_INSIDE),
        (("GET", "/auth/me"), 401, FROM_INSIDE),
        (("POST", "/auth/login", b"{}"), 400, FROM_INSIDE),
        (("GET", "/movies/404"), 404, FROM_INSIDE),
        (("GET", "/movies/nothing/here"), 404, FROM_INSIDE),
        (("PUT", "/auth/login", b"{}"), 405, FROM_INSIDE),
        (("POST", "/auth/login", b"1" * 300_000), 413, FOR_EVERYBODY),
    ],
)
def test_an_answer_to_a_program_has_its_headers(answer, status, headers):
    told = ask(*answer)
    assert told.status_code == status
    assert {name: told[name] for name in headers} == headers
    assert "Content-Security-Policy" not in told
    assert not told.cookies
    if headers is FROM_INSIDE and answer[0] != "HEAD":
        assert int(told["Content-Length"]) == len(told.content)


def test_a_host_that_is_not_ours_is_told_nothing_in_its_own_language():
    refused = ask("GET", "/healthz", Host="evil.example")
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
    assert {name: refused[name] for name in FOR_EVERYBODY} == FOR_EVERYBODY


def test_the_language_that_was_chosen_on_a_page_counts_for_its_scripts(client):
    client.cookies["django_language"] = "de"
    told = client.get("/movies/nothing/here", headers={"Accept-Language": "en"})
    assert (told["Content-Language"], told.json()["detail"]) == ("de", "Hier ist nichts.")


def test_plain_http_is_led_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ask("GET", "/movies").status_code == 301
    assert ask("GET", "/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "is_passed"),
    [("/movies", False), ("/healthz", False), ("/api/nothing", False),
     ("/find/", True), ("/api/docs/", True), ("/admin/login/", True), ("/nothing", True)],
)  # fmt: skip
def test_programs_pass_nothing_that_is_for_pages(settings, path, is_passed):
    first, *others = project.MIDDLEWARE
    settings.MIDDLEWARE = [first, f"{__name__}.noting", *others]
    passed.clear()
    Client().get(path)
    assert passed == [path] * is_passed


@pytest.mark.django_db
def test_pages_pass_nothing_that_is_for_programs(settings):
    settings.PROGRAMS_MIDDLEWARE = [*project.PROGRAMS_MIDDLEWARE, f"{__name__}.noting"]
    passed.clear()
    client = Client()
    client.get("/find/")
    client.get("/movies")
    assert passed == ["/movies"]
