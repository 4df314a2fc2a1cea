"""`POST /auth/login`: who one is, and nothing about who else has an account."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from accounts.models import ApiSession, User
from accounts.tests.cast import PASSWORD, alice, api_client, as_json, bo, mia

pytestmark = pytest.mark.django_db


def log_in(email: object, password: object = PASSWORD):
    return api_client().post("/auth/login", **as_json({"email": email, "password": password}))


@pytest.mark.parametrize(
    "spelling", ["alice@example.org", "ALICE@Example.ORG", " alice@example.org "]
)
def test_the_email_may_be_spelled_in_any_case(spelling):
    user = alice()
    answer = log_in(spelling)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "refreshToken", "user"}
    assert answer.json()["user"]["id"] == user.pk


def test_the_role_says_who_may_change_the_catalogue():
    for person, role in ((alice(), "user"), (bo(), "user"), (mia(), "admin")):
        assert log_in(person.email).json()["user"]["role"] == role


def test_a_wrong_email_and_a_wrong_password_are_answered_alike():
    alice()
    wrong_password, wrong_email = log_in("alice@example.org", "no"), log_in("eve@example.org", "no")
    assert wrong_password.status_code == wrong_email.status_code == 401
    assert wrong_password.json() == wrong_email.json()
    assert wrong_password.json()["code"] == "wrong_login"
    assert dict(wrong_password.headers) == dict(wrong_email.headers)
    assert not ApiSession.objects.exists()


def test_an_erased_or_blocked_account_is_answered_like_an_unknown_one():
    alice()
    User.objects.update(is_active=False)
    assert log_in("alice@example.org").json() == log_in("eve@example.org").json()


class CountingHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["alice@example.org", "eve@example.org", "no address at all"])
def test_every_attempt_costs_the_same_work_so_that_time_tells_nothing(email, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    alice()
    before = CountingHasher.hashed
    log_in(email, "not the password")
    assert CountingHasher.hashed - before == 1


@pytest.mark.parametrize(
    "email",
    [
        "\u00e0lice@example.org",
        "ali\u200bce@example.org",
        "\uff41lice@example.org",
        "alice@ex\u00e4mple.org",
        "alic\u00e9@example.org",
    ],
)
def test_an_address_that_only_looks_like_it_is_another_person(email):
    """MariaDB's collation takes them for one: each would be a guess that no limit counts."""
    alice()
    assert log_in(email).status_code == 401


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (None, PASSWORD),
        ("alice@example.org", None),
        ({"$gt": ""}, PASSWORD),
        ("alice@example.org", {"$gt": ""}),
        (["alice@example.org"], PASSWORD),
        (0, 0),
        (True, True),
        ("alice@example.org\x00", PASSWORD),
        ("alice@example.org", PASSWORD + "\x00"),
        ("alice@example.org", "\ud800"),
        ("a" * 255, PASSWORD),
        ("alice@example.org", "x" * 1025),
    ],
)
def test_what_is_no_email_or_password_is_refused_before_anybody_is_looked_up(email, password):
    alice()
    answer = log_in(email, password)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not ApiSession.objects.exists()
