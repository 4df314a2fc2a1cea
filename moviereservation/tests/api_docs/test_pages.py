"""The API describes itself: validly, completely, and as it is."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from accounts.tests.cast import PASSWORD, alice, api_client, mia
from moviereservation.api_docs import schema_examples
from moviereservation.api_docs.problem_catalogue import problems, refusals_by_operation
from moviereservation.web import problems as documents
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

Json = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Json:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def check(description: Json, thing: Any, schema: Json) -> None:
    """Fail with every difference between what is sent and what is described."""
    validator = Draft202012Validator({**description, **schema})
    errors = [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in
              validator.iter_errors(thing)]  # fmt: skip
    assert not errors


def check_answer(description: Json, answer: Any, operation: Json) -> None:
    described = operation["responses"][str(answer.status_code)]["content"]
    kind = answer["Content-Type"].partition(";")[0]
    check(description, answer.json(), described[kind]["schema"])


def test_the_description_is_valid_and_drawn_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "api.yml"))


@pytest.mark.django_db
def test_it_is_served_and_says_3_1(client):
    answer = client.get("/api/schema/?format=json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_every_operation_says_how_it_refuses(description):
    described = {(method, path) for method, path, _operation in operations(description)}
    assert described - {("get", "/healthz"), ("get", "/readyz")} == set(refusals_by_operation())


def test_every_operation_has_a_summary_and_a_tag_that_is_explained(description):
    tags = {tag["name"] for tag in description["tags"]}
    for method, path, operation in operations(description):
        assert operation["summary"], (method, path)
        assert set(operation["tags"]) <= tags


def test_only_what_needs_a_log_in_says_that_it_does(description):
    open_to_all = {
        path
        for method, path, operation in operations(description)
        if method == "get" and operation["security"] != [{"bearer": []}]
    }
    assert open_to_all == {
        "/movies", "/movies/{movie_id}", "/movies/{movie_id}/showtimes", "/showtimes/{showtime_id}",
        "/showtimes/{showtime_id}/seats", "/showtimes/{showtime_id}/seats/suggestions",
        "/showtimes/{showtime_id}/seats/advice", "/healthz", "/readyz",
    }  # fmt: skip


def test_every_code_is_explained():
    explained = set(problems())
    assert set(documents.CODES.values()) <= explained
    assert all(problem.meaning for problem in problems().values())


@pytest.mark.django_db
def test_the_type_of_every_problem_leads_to_its_explanation(client):
    page = client.get("/api/docs/problems/").content.decode()
    for problem in problems().values():
        document = json.loads(documents.problem(problem.status, problem.code, "…").content)
        address, _hash, anchor = document["type"].partition("#")
        assert address == "/api/docs/problems/"
        assert f'id="{anchor}"' in page


def test_the_examples_are_as_described(description):
    for (method, path), bodies in schema_examples.REQUESTS.items():
        content = description["paths"][path][method]["requestBody"]["content"]["application/json"]
        for body in bodies.values():
            check(description, body, content["schema"])
    for (method, path), answers in schema_examples.ANSWERS.items():
        for status, body in answers.items():
            content = description["paths"][path][method]["responses"][status]["content"]
            check(description, body, content["application/json"]["schema"])


def test_seats_are_labels_or_a_number(description):
    schema = description["components"]["schemas"]["IntentWishRequest"]["properties"]["seats"]
    check(description, ["C7", "C8"], schema)
    check(description, 2, schema)
    for wrong in ("C7", 0, 2.5, None, [7], []):
        with pytest.raises(AssertionError):
            check(description, wrong, schema)


@pytest.mark.django_db
def test_what_the_api_answers_is_as_described(description, stripe_standin):
    showtime, guest = make_showtime(), alice()
    client, manager, nobody = api_client(guest), api_client(mia()), api_client()
    paths = description["paths"]

    def check_call(who, method, path, body=None, **ids):
        answer = getattr(who, method)(path.format(**ids), body)
        check_answer(description, answer, paths[path][method])
        return answer

    ids = {"movie_id": showtime.movie_id, "showtime_id": showtime.pk}
    signing_up = {"name": "Ann", "email": "ann@example.org", "password": PASSWORD}
    assert check_call(nobody, "post", "/auth/signup", signing_up).status_code == 201
    check_call(nobody, "post", "/auth/login", signing_up)
    check_call(client, "get", "/auth/me")
    for path in ("/movies", "/movies/{movie_id}", "/movies/{movie_id}/showtimes",
                 "/showtimes/{showtime_id}", "/showtimes/{showtime_id}/seats"):  # fmt: skip
        assert check_call(nobody, "get", path, **ids).json()
    for path, asked in (("suggestions", {"party": 2}), ("advice", {"seats": "A2,A4"})):
        assert check_call(nobody, "get", "/showtimes/{showtime_id}/seats/" + path, asked, **ids)
    wish = {"showtimeId": showtime.pk, "seats": ["A1", "C1"]}
    intent = check_call(client, "post", "/payment/create-payment-intent", wish).json()
    stripe_standin.confirm(intent["paymentIntentId"])
    paid = {"paymentIntentId": intent["paymentIntentId"]}
    assert check_call(client, "post", "/reservations", paid).status_code == 201
    check_call(manager, "get", "/reservations/showtime/{showtime_id}", **ids)
    booked = {"reservation_id": intent["reservation"]["id"]}
    check_call(client, "get", "/reservations/{reservation_id}", **booked)
    check_call(client, "delete", "/reservations/{reservation_id}", **booked)
    assert check_call(client, "get", "/reservations/my-reservations").json()[0]["refund"]


@pytest.mark.django_db
def test_what_the_api_refuses_is_as_described(description):
    """Among others: the codes that are listed for a status are those that can come."""
    showtime = make_showtime()
    hold_for(mia(), showtime, "A1")
    client, nobody = api_client(alice()), api_client()
    asked = "/payment/create-payment-intent"
    calls = [
        (nobody, "post", "/auth/login", {"email": "x@example.org", "password": "no"}, 401),
        (nobody, "post", "/auth/signup", {"name": "x"}, 400),
        (nobody, "post", asked, {}, 401),
        (client, "post", asked, {"showtimeId": showtime.pk, "seats": ["A1"]}, 409),
        (client, "post", asked, {"showtimeId": showtime.pk, "seats": ["Z9"]}, 400),
        (client, "post", asked, {"showtimeId": showtime.pk, "seats": []}, 400),
        (client, "post", asked, {"showtimeId": 10**9, "seats": 1}, 404),
        (client, "post", "/reservations", {"paymentIntentId": "pi_none"}, 404),
        (client, "post", "/movies", {"title": "Mine"}, 403),
        (client, "get", "/movies", {"showing": "never"}, 400),
        (nobody, "post", "/payment/webhook", {}, 400),
    ]
    for who, method, path, body, status in calls:
        answer = getattr(who, method)(path, body)
        assert answer.status_code == status, (path, answer.content)
        check_answer(description, answer, description["paths"][path][method])


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/api/docs/", "/api/docs/problems/"])
def test_the_pages_keep_to_the_strict_policy(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert "style=" not in html
