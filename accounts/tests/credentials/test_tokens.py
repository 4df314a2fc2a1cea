"""A token is worth what its log-in is worth, and only ours are tokens."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiSession, User
from accounts.tests.cast import PASSWORD, alice, api_client, bob, mia

pytestmark = pytest.mark.django_db


def log_in(user: User) -> dict[str, Any]:
    return api_client().post("/auth/login", {"email": user.email, "password": PASSWORD}).json()


def who_am_i(token: str, scheme: str = "Bearer"):
    return APIClient().get("/auth/me", headers={"Authorization": f"{scheme} {token}"})


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def test_a_token_says_who_one_is():
    user = alice()
    answer = who_am_i(log_in(user)["token"])
    assert answer.status_code == 200
    assert answer.json()["email"] == user.email


def test_without_a_token_one_is_asked_to_log_in():
    answer = APIClient().get("/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer a b", "Bearer x.y.z", "bearer", "Basic YTpi", "Bearer \xff", "§",
     f"Bearer {'x' * 4000}", "Bearer null", "Bearer undefined"],
)  # fmt: skip
def test_a_header_that_is_no_token_of_ours_is_401(header):
    answer = APIClient().get("/auth/me", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.json()["code"] in ("not_authenticated", "token_not_valid")


def test_an_unsigned_token_is_worth_nothing():
    token = log_in(alice())["token"]
    assert who_am_i(unsigned(claims_of(token))).status_code == 401
    assert who_am_i(token.rpartition(".")[0] + ".").status_code == 401


@pytest.mark.parametrize("key", ["", "secret", "x" * 64])
@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_token_signed_with_another_key_or_algorithm_is_worth_nothing(key, algorithm):
    token = log_in(alice())["token"]
    forged = jwt.encode(claims_of(token), key or settings.SECRET_KEY[:-1], algorithm)
    answer = who_am_i(forged)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


def test_claims_cannot_be_changed():
    token, other = log_in(alice())["token"], log_in(bob())["token"]
    head, _claims, signature = token.split(".")
    assert who_am_i(f"{head}.{other.split('.')[1]}.{signature}").status_code == 401


def test_a_token_belongs_to_the_log_in_that_it_names_and_not_to_a_user_id():
    token = log_in(alice())["token"]
    claims = claims_of(token) | {"user_id": str(bob().pk)}
    key = settings.SIMPLE_JWT["SIGNING_KEY"]
    assert who_am_i(jwt.encode(claims, key, "HS256")).json()["email"] == "alice@example.org"
    for log_in_id in (None, "", "nonsense", "00000000-0000-0000-0000-000000000000", 7, ["x"]):
        forged = jwt.encode(claims | {"sid": log_in_id}, key, "HS256")
        assert who_am_i(forged).status_code == 401
    del claims["sid"]
    assert who_am_i(jwt.encode(claims, key, "HS256")).status_code == 401


def test_a_refresh_token_opens_nothing_and_an_access_token_refreshes_nothing():
    pair = log_in(alice())
    assert who_am_i(pair["refreshToken"]).json()["code"] == "token_not_valid"
    answer = APIClient().post("/auth/refresh", {"refreshToken": pair["token"]})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


def test_a_token_is_over_after_its_quarter_of_an_hour():
    pair = log_in(alice())
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        answer = who_am_i(pair["token"])
        assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")
        refreshed = APIClient().post("/auth/refresh", {"refreshToken": pair["refreshToken"]})
        assert who_am_i(refreshed.json()["token"]).status_code == 200


def test_a_machine_whose_clock_is_a_little_behind_takes_a_fresh_token():
    pair = log_in(alice())
    with time_machine.travel(timezone.now() - timedelta(seconds=10), tick=False):
        assert who_am_i(pair["token"]).status_code == 200


def test_a_log_in_is_over_after_its_thirty_days():
    pair = log_in(alice())
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1), tick=False):
        answer = APIClient().post("/auth/refresh", {"refreshToken": pair["refreshToken"]})
        assert answer.status_code == 401


def test_a_new_password_ends_every_log_in_from_before():
    user = alice()
    pair = log_in(user)
    user.set_password("another-horse-10")
    user.save()
    assert who_am_i(pair["token"]).status_code == 401
    answer = APIClient().post("/auth/refresh", {"refreshToken": pair["refreshToken"]})
    assert answer.status_code == 401


def test_a_blocked_account_is_out_at_once():
    user = alice()
    token = log_in(user)["token"]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert who_am_i(token).status_code == 401


def test_a_demoted_admin_is_a_guest_at_once_whatever_their_token_was_made_for():
    manager = mia()
    client = api_client(manager)
    assert client.post("/movies", {"title": "Metropolis"}).status_code == 201
    manager.groups.remove(Group.objects.get(name="manager"))
    answer = client.post("/movies", {"title": "Nosferatu"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert client.get("/auth/me").json()["role"] == "user"


def test_a_token_carries_no_personal_data_and_no_role():
    token = claims_of(log_in(mia())["token"])
    assert set(token) == {"token_type", "exp", "iat", "jti", "user_id", "sid"}


def test_the_api_takes_no_session_cookie_for_a_log_in():
    browser = Client()
    browser.force_login(mia())
    assert browser.get("/auth/me").status_code == 401
    answer = browser.post("/movies", {"title": "Metropolis"}, content_type="application/json")
    assert answer.status_code == 401


def test_a_dead_token_is_told_even_where_none_is_needed():
    assert APIClient().get("/movies", headers={"Authorization": "Bearer x.y.z"}).status_code == 401
    user = {"email": alice().email, "password": PASSWORD}
    answer = APIClient().post("/auth/login", user, headers={"Authorization": "Bearer x.y.z"})
    assert answer.status_code == 200, "who logs in again may still send the old one"


def test_many_log_ins_live_side_by_side():
    user = alice()
    first, second = log_in(user), log_in(user)
    assert who_am_i(first["token"]).status_code == who_am_i(second["token"]).status_code == 200
    assert ApiSession.objects.count() == 2
