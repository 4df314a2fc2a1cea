"""Choosing another password: with the old one, and then everybody else is logged out."""

import pytest
import time_machine
from django.test import Client

from accounts.tests.cast import PASSWORD, alice, api_client
from accounts.tests.mailbox import delivered

pytestmark = pytest.mark.django_db

PAGE = "/account/password/"
NEW = "a-lantern-and-a-reel"


@pytest.fixture
def guest(client):
    guest = alice()
    client.force_login(guest)
    return guest


def test_with_the_old_one_a_new_one_is_set_and_this_session_goes_on(client, guest):
    elsewhere, program = Client(), api_client(guest)
    elsewhere.force_login(guest)
    assert client.post(PAGE, {"old": PASSWORD, "password": NEW}).url == "/account/"
    guest.refresh_from_db()
    assert guest.check_password(NEW)
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert program.get("/auth/me").status_code == 401
    assert not guest.api_sessions.filter(revoked_at=None).exists()
    assert [email.subject for email in delivered()] == ["Your password was changed"]


@pytest.mark.parametrize("old", ["", "wrong", NEW])
def test_without_the_old_one_nothing_changes(client, guest, old):
    answer = client.post(PAGE, {"old": old, "password": NEW})
    assert answer.status_code in (400, 403)
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)
    assert delivered() == []


def test_the_old_one_cannot_be_guessed_at(client, guest, settings):
    settings.RATE_LIMITS = True
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        wrong = {"old": "wrong", "password": NEW}
        statuses = [client.post(PAGE, wrong).status_code for _n in range(11)]
    assert statuses == [403] * 10 + [429]


def test_a_weak_one_is_refused_by_the_field(client, guest):
    answer = client.post(PAGE, {"old": PASSWORD, "password": "alice"})
    assert answer.status_code == 400
    assert "too short" in answer.content.decode()


def test_a_stranger_is_led_to_the_log_in():
    assert Client().get(PAGE).url == f"/account/log-in/?next={PAGE}"


def test_a_form_from_elsewhere_is_refused(guest):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(guest)
    assert strict.post(PAGE, {"old": PASSWORD, "password": NEW}).status_code == 403
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)


def test_password_managers_know_which_is_the_old_and_which_the_new(client, guest):
    html = client.get(PAGE).content.decode()
    for purpose in ("username", "current-password", "new-password"):
        assert f'autocomplete="{purpose}"' in html
