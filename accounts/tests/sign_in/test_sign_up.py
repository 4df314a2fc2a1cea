"""`POST /auth/signup`: anybody becomes a guest, and nobody more than that."""

from dataclasses import replace

import pytest
import time_machine
from django.test import Client

from accounts.limits import SIGN_UPS
from accounts.models import User
from accounts.sign_in import identity
from accounts.tests.cast import PASSWORD, alice, api_client, as_json

pytestmark = pytest.mark.django_db

PERSON = {"name": "Alice", "email": "alice@example.org", "password": PASSWORD}


def test_signing_up_answers_with_the_person_and_logs_them_in():
    answer = api_client().post("/auth/signup", PERSON)
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "refreshToken", "user"}
    user = User.objects.get()
    assert answer.json()["user"] == {
        "id": user.pk, "name": "Alice", "email": "alice@example.org", "role": "user",
    }  # fmt: skip
    client = api_client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}")
    assert client.get("/auth/me").json() == answer.json()["user"]


def test_nobody_chooses_their_own_role():
    boast = {
        "role": "admin",
        "is_staff": True,
        "isStaff": True,
        "is_superuser": True,
        "groups": [1],
    }
    answer = api_client().post("/auth/signup", PERSON | boast)
    assert answer.status_code == 201
    assert answer.json()["user"]["role"] == "user"
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


@pytest.mark.parametrize(
    "spelling",
    ["alice@example.org", "ALICE@EXAMPLE.ORG", "  Alice@Example.org ", "alice@EXAMPLE.org"],
)
def test_an_email_has_one_account_however_it_is_spelled(spelling):
    alice()
    answer = api_client().post("/auth/signup", PERSON | {"email": spelling})
    assert answer.status_code == 409
    assert answer.json()["code"] == "email_taken"
    assert list(answer.json()["errors"]) == ["email"]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 151),
        ("name", None),
        ("name", 7),
        ("name", {"first": "Alice"}),
        ("name", "A\x00lice"),
        ("name", "\ud800"),
        ("email", ""),
        ("email", "alice"),
        ("email", "alice@"),
        ("email", "alice@example.org\x00"),
        ("email", "alice@example.org\nBcc: all@example.org"),
        ("email", "\udfffalice@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("email", ["alice@example.org"]),
        ("email", {"$ne": ""}),
        ("email", True),
        ("password", ""),
        ("password", "short-1"),
        ("password", "password"),
        ("password", "8675309123"),
        ("password", "alice@example.org"),
        ("password", 12345678901),
        ("password", ["correct-horse-9"]),
        ("password", "correct\x00horse-9"),
        ("password", "correct-horse-\udc80"),
        ("password", "x9" * 600),
    ],
)
def test_a_value_that_is_not_valid_is_named_and_nobody_is_registered(field, value):
    answer = api_client().post("/auth/signup", **as_json(PERSON | {field: value}))
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["errors"]) == [field]
    assert answer.json()["errors"][field][0]
    assert not User.objects.exists()


@pytest.mark.parametrize("field", list(PERSON))
def test_a_value_that_is_missing_is_named(field):
    answer = api_client().post("/auth/signup", {k: v for k, v in PERSON.items() if k != field})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()


def test_a_megabyte_of_password_is_refused_before_it_is_read():
    answer = api_client().post("/auth/signup", PERSON | {"password": "x" * 2**20})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not User.objects.exists()


def test_a_password_is_kept_as_it_was_typed_blanks_and_all():
    password = "  correct horse 9  "
    api_client().post("/auth/signup", PERSON | {"password": password})
    login = {"email": PERSON["email"], "password": password}
    assert api_client().post("/auth/login", login).status_code == 200
    trimmed = login | {"password": password.strip()}
    assert api_client().post("/auth/login", trimmed).status_code == 401


def test_no_answer_contains_the_password_or_its_hash():
    answer = api_client().post("/auth/signup", PERSON)
    assert PASSWORD not in answer.content.decode()
    assert User.objects.get().password not in answer.content.decode()


def test_signing_up_gives_the_browser_no_session():
    client = Client()
    client.post("/auth/signup", PERSON, content_type="application/json")
    assert not client.cookies


def test_nobody_registers_account_after_account_from_one_address(monkeypatch):
    assert SIGN_UPS.times <= 100
    monkeypatch.setattr(identity, "SIGN_UPS", replace(SIGN_UPS, times=5))
    people = [PERSON | {"email": f"a{n}@example.org"} for n in range(6)]
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):  # all in one window
        answers = [api_client().post("/auth/signup", person) for person in people]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1]["Retry-After"]) <= SIGN_UPS.seconds
    assert User.objects.count() == 5
