"""`POST /auth/logout`: both tokens are dead, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.cast import PASSWORD, alice, api_client, bob

pytestmark = pytest.mark.django_db


def log_in(user: User) -> dict[str, Any]:
    return api_client().post("/auth/login", {"email": user.email, "password": PASSWORD}).json()


def log_out(token: str = "", body: dict[str, Any] | None = None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return APIClient().post("/auth/logout", body, headers=headers)


def is_over(pair: dict[str, Any]) -> bool:
    """Whether neither of its tokens works. Uses the refresh token up if it does."""
    seen = APIClient().get("/auth/me", headers={"Authorization": f"Bearer {pair['token']}"})
    refreshed = APIClient().post("/auth/refresh", {"refreshToken": pair["refreshToken"]})
    assert seen.status_code in (200, 401)
    return (seen.status_code, refreshed.status_code) == (401, 401)


def test_both_tokens_end_it_together():
    pair = log_in(alice())
    answer = log_out(pair["token"], {"refreshToken": pair["refreshToken"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_over(pair)


def test_the_access_token_alone_ends_it():
    pair = log_in(alice())
    assert log_out(pair["token"]).status_code == 204
    assert is_over(pair)


def test_the_refresh_token_alone_ends_it():
    pair = log_in(alice())
    assert log_out(body={"refreshToken": pair["refreshToken"]}).status_code == 204
    assert is_over(pair)


def test_who_comes_back_after_an_hour_can_still_log_out():
    pair = log_in(alice())
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        answer = log_out(pair["token"], {"refreshToken": pair["refreshToken"]})
        assert answer.status_code == 204
        assert is_over(pair)


def test_logging_out_twice_is_logging_out_once():
    pair = log_in(alice())
    body = {"refreshToken": pair["refreshToken"]}
    assert [log_out(body=body).status_code for _n in range(2)] == [204, 204]


def test_other_log_ins_go_on():
    user = alice()
    here, there, somebody = log_in(user), log_in(user), log_in(bob())
    log_out(here["token"])
    assert not is_over(there)
    assert not is_over(somebody)


def test_without_any_token_there_is_nothing_to_end():
    answer = log_out()
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
def test_a_token_that_is_none_ends_nothing(token):
    pair = log_in(alice())
    assert log_out(body={"refreshToken": token}).status_code == 401
    assert log_out(token).status_code == 401
    assert not is_over(pair)


def test_a_foreign_access_token_is_no_refresh_token():
    pair = log_in(alice())
    assert log_out(body={"refreshToken": pair["token"]}).status_code == 401
    assert not is_over(pair)
