"""`POST /auth/refresh`: each refresh token works once, also when it is sent many times at once."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiSession
from accounts.tests.cast import PASSWORD, alice, api_client
from accounts.tests.crowd import at_once


def log_in() -> dict[str, Any]:
    return api_client().post("/auth/login", {"email": alice().email, "password": PASSWORD}).json()


def refresh(refresh_token: object):
    return APIClient().post("/auth/refresh", {"refreshToken": refresh_token})


def works(token: str) -> bool:
    answer = APIClient().get("/auth/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


@pytest.mark.django_db
def test_a_refresh_token_is_traded_for_a_new_pair():
    first = log_in()
    answer = refresh(first["refreshToken"])
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "refreshToken"}
    assert answer.json()["refreshToken"] != first["refreshToken"]
    assert works(answer.json()["token"])
    assert refresh(answer.json()["refreshToken"]).status_code == 200


@pytest.mark.django_db
def test_a_used_refresh_token_is_refused_and_a_stutter_ends_nothing():
    first = log_in()
    second = refresh(first["refreshToken"]).json()
    answer = refresh(first["refreshToken"])
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")
    assert works(second["token"])


@pytest.mark.django_db
def test_a_used_refresh_token_that_comes_back_later_ends_the_log_in():
    first = log_in()
    second = refresh(first["refreshToken"]).json()
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        assert refresh(first["refreshToken"]).status_code == 401
        assert not works(second["token"])
        assert refresh(second["refreshToken"]).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("", 400, "invalid"),
        (None, 400, "invalid"),
        (7, 400, "invalid"),
        (["x"], 400, "invalid"),
        ("x\x00", 400, "invalid"),
        ("x" * 5000, 400, "invalid"),
        ("nonsense", 401, "token_not_valid"),
        ("a.b.c", 401, "token_not_valid"),
        ("é.ü.ß", 401, "token_not_valid"),
    ],
)
def test_what_is_no_refresh_token_is_refused(token, status, code):
    answer = refresh(token)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_refreshes_at_once_one_wins_and_the_log_in_lives():
    first = log_in()
    answers = at_once(20, lambda _n: refresh(first["refreshToken"]))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 19}
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert works(winner["token"])
    assert refresh(winner["refreshToken"]).status_code == 200
    assert ApiSession.objects.get().revoked_at is None
