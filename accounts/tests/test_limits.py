"""Guessing is counted: by address and by account, whatever the client claims, Redis or not."""

from dataclasses import replace

import pytest
import time_machine
from django.test import RequestFactory

from accounts.limits import LOG_INS_BY_ADDRESS, LOG_INS_BY_EMAIL
from accounts.sign_in import identity
from accounts.tests.cast import PASSWORD, alice, api_client
from accounts.tests.crowd import at_once
from moviereservation.web.limits import Limit, TooManyAttempts, address_of

NOON = "2026-11-22T12:00:00Z"
# A port that nobody listens on.
NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture
def _noon():
    """Limits count in windows of the clock; a test must not begin in one and end in the next."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def _without_redis(settings):
    away = {
        "BACKEND": "moviereservation.db.cache.RedisCache",
        "LOCATION": NOWHERE,
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2},
    }
    settings.CACHES = {"default": away, "limits": away | {"FALLBACK": True}}


def guess(email: str = "alice@example.org", password: str = "wrong", **headers: str):
    login = {"email": email, "password": password}
    return api_client().post("/auth/login", login, headers=headers)


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_after_ten_guesses_an_account_rests_even_for_the_right_password():
    alice()
    assert [guess().status_code for _n in range(10)] == [401] * 10
    answer = guess(password=PASSWORD)
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer["Retry-After"]) <= LOG_INS_BY_EMAIL.seconds


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_another_spelling_of_the_email_is_no_new_chance():
    alice()
    spellings = ["alice@example.org", "ALICE@example.org", " Alice@Example.Org "]
    answers = [guess(spellings[n % 3]).status_code for n in range(11)]
    assert answers == [401] * 10 + [429]


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_a_new_x_forwarded_for_is_no_new_address(monkeypatch):
    assert LOG_INS_BY_ADDRESS.times <= 100
    monkeypatch.setattr(identity, "LOG_INS_BY_ADDRESS", replace(LOG_INS_BY_ADDRESS, times=5))

    def guess_from(number: int) -> int:
        address = f"203.0.113.{number}"
        claims = {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
        return guess(f"guest{number}@example.org", **claims).status_code

    assert [guess_from(number) for number in range(7)] == [401] * 5 + [429] * 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_the_right_password_forgives_the_typing_errors_before():
    alice()
    for _round in range(3):
        assert [guess().status_code for _n in range(9)] == [401] * 9
        assert guess(password=PASSWORD).status_code == 200


@pytest.mark.django_db
def test_the_rest_ends_with_its_window():
    alice()
    with time_machine.travel(NOON, tick=False) as clock:
        for _n in range(11):
            refused = guess()
        assert refused.status_code == 429
        clock.shift(int(refused["Retry-After"]))
        assert guess(password=PASSWORD).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon", "_without_redis")
def test_guesses_are_counted_with_redis_down():
    answers = [guess("carol@example.org").status_code for _n in range(12)]
    assert answers == [401] * 10 + [429] * 2


@pytest.mark.usefixtures("_noon")
def test_a_hundred_attempts_at_once_are_a_hundred():
    limit = Limit("crowd", times=30, seconds=60)

    def attempt(_number: int) -> bool:
        try:
            limit.spend("somebody")
        except TooManyAttempts:
            return False
        return True

    assert sum(at_once(100, attempt)) == 30


def test_load_tests_may_switch_the_limits_off(settings):
    settings.RATE_LIMITS = False
    limit = Limit("off", times=1, seconds=60)
    for _n in range(5):
        limit.spend("somebody")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.1", "192.0.2.9"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (2, "6.6.6.6, 203.0.113.1, 10.0.0.1", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.9"),
        (1, "", "192.0.2.9"),
    ],
)
def test_an_address_is_what_our_own_proxies_saw(proxies, forwarded, address, settings):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.9")
    assert address_of(request) == address
