"""Signing up, in and out on the pages."""

import pytest

from accounts.models import User
from accounts.tests.cast import PASSWORD, alice

pytestmark = pytest.mark.django_db

NEW = {"name": "Ann", "email": "ann@example.org", "password": "a-lantern-and-a-reel"}


def test_a_guest_signs_up_and_is_logged_in(client):
    assert client.post("/account/sign-up/", NEW).url == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get(email=NEW["email"]).pk)


def test_a_role_cannot_be_chosen(client):
    client.post(
        "/account/sign-up/", NEW | {"is_staff": "on", "is_superuser": "on", "role": "admin"}
    )
    user = User.objects.get(email=NEW["email"])
    assert not user.is_staff
    assert user.role == "user"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"password": "12345"}, "This password is too short."),
        ({"name": ""}, "This field is required."),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"password": "x" * 1025}, "at most 1024 characters"),
    ],
)
def test_what_is_wrong_stands_by_the_field_and_the_rest_is_kept(client, wrong, words):
    answer = client.post("/account/sign-up/", NEW | wrong)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert words in html
    assert 'aria-invalid="true"' in html
    kept = "ann@example.org" if "email" not in wrong else "nobody"
    assert f'value="{kept}"' in html
    assert not User.objects.exists()


def test_an_email_in_another_spelling_is_taken(client):
    alice()
    answer = client.post("/account/sign-up/", NEW | {"email": "ALICE@example.org"})
    assert answer.status_code == 409
    assert "There is an account with this e-mail already." in answer.content.decode()


def test_a_guest_logs_in_whatever_the_case_of_the_email(client):
    guest = alice()
    client.post("/account/log-in/", {"email": "Alice@Example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(guest.pk)


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_wrong_email_and_wrong_password_are_answered_alike(client, email):
    alice()
    answer = client.post("/account/log-in/", {"email": email, "password": "wrong"})
    assert answer.status_code == 401
    assert "E-mail and password do not belong together." in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()


def test_too_many_attempts_are_told_to_wait(client, settings):
    settings.RATE_LIMITS = True
    wrong = {"email": "alice@example.org", "password": "wrong"}
    answers = [client.post("/account/log-in/", wrong).status_code for _n in range(11)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "next_page",
    ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_after_the_log_in_nobody_is_led_off_the_site(client, next_page):
    guest = alice()
    answer = client.post(
        "/account/log-in/", {"email": guest.email, "password": PASSWORD, "next": next_page}
    )
    assert answer.url == "/"


def test_after_the_log_in_one_is_where_one_was_going(client):
    guest = alice()
    page = client.get("/account/log-in/?next=/bookings/").content.decode()
    assert '<input type="hidden" name="next" value="/bookings/">' in page
    answer = client.post(
        "/account/log-in/", {"email": guest.email, "password": PASSWORD, "next": "/bookings/"}
    )
    assert answer.url == "/bookings/"


def test_logging_out_needs_a_post(client):
    client.force_login(alice())
    assert client.get("/account/log-out/").status_code == 405
    client.post("/account/log-out/")
    assert "_auth_user_id" not in client.session


def test_one_may_change_ones_name(client):
    guest = alice()
    client.force_login(guest)
    client.post("/account/", {"name": "Alice B."})
    guest.refresh_from_db()
    assert guest.name == "Alice B."


def test_password_managers_are_told_what_is_what(client):
    page = client.get("/account/log-in/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in client.get("/account/sign-up/").content.decode()


def test_a_form_from_elsewhere_is_refused_with_a_page_that_explains(client):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/account/log-in/", {"email": "a@example.org"})
    assert answer.status_code == 403
    assert "The page went stale" in answer.content.decode()
