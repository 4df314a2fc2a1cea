"""Whoever reads the mail of an account may choose a new password; nobody else learns anything."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import DeadLink
from accounts.models import OutgoingMessage, User
from accounts.sign_in.passwords import reset
from accounts.tests.cast import PASSWORD, alice, api_client, bob, make_person
from accounts.tests.crowd import at_once
from accounts.tests.mailbox import delivered, link_in

pytestmark = pytest.mark.django_db

ASK = "/account/reset/"
NEW = "a-lantern-and-a-reel"


def link_for(client, email="alice@example.org", **headers):
    assert client.post(ASK, {"email": email}, headers=headers).url == "/account/reset/sent/"
    return link_in(delivered()[-1])


def follow(client, link):
    answer = client.get(link)
    return answer.url if answer.status_code == 302 else answer


def opens(email, password):
    return Client().post("/account/log-in/", {"email": email, "password": password}).status_code


def test_a_forgotten_password_is_replaced_by_way_of_the_mail(client):
    guest = alice()
    page = follow(client, link_for(client))
    assert client.post(page, {"password": NEW}).url == "/account/log-in/"
    guest.refresh_from_db()
    assert guest.check_password(NEW)
    assert (opens(guest.email, PASSWORD), opens(guest.email, NEW)) == (401, 302)


def test_the_link_is_asked_for_in_whatever_case(client):
    alice()
    assert link_for(client, "ALICE@Example.org").startswith(ASK)


def test_the_link_leads_to_our_own_address_whatever_the_host_header_says(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    alice()
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    link_for(client, **evil)  # which also looks for our address
    email = delivered()[-1]
    assert "evil" not in email.message().as_string()
    assert email.to == ["alice@example.org"]


def test_a_host_that_is_not_ours_is_refused(client):
    answer = client.post(ASK, {"email": "alice@example.org"}, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not OutgoingMessage.objects.exists()


def test_the_link_works_once(client):
    alice()
    link = link_for(client)
    client.post(follow(client, link), {"password": NEW})
    for anybody in (client, Client()):
        answer = follow(anybody, link)
        assert answer.status_code == 410
        assert "This link does not work any more." in answer.content.decode()


def test_of_two_who_use_it_at_once_one_wins(transactional_db, client):
    guest = alice()
    uid, token = link_for(client).strip("/").split("/")[-2:]

    def use(number):
        try:
            return reset(uid, token, f"{NEW}-{number}", now=timezone.now()).pk
        except DeadLink:
            return None

    assert sorted(at_once(6, use), key=bool) == [None] * 5 + [guest.pk]


def test_the_link_lives_through_the_night_in_which_the_clocks_are_put_forward(client):
    alice()
    with time_machine.travel("2027-03-14T06:55:00Z") as clock:  # 01:55 in New York, then 03:00
        link = link_for(client)
        clock.shift(timedelta(minutes=10))
        assert follow(client, link).startswith(ASK)
        clock.shift(timedelta(minutes=55))
        assert follow(client, link).status_code == 410


def test_the_link_is_dead_after_an_hour_and_after_the_password_or_e_mail_changed(client):
    guest = alice()
    link = link_for(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert follow(Client(), link) == link.rsplit("/", 2)[0] + "/"
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert follow(Client(), link).status_code == 410
    User.objects.filter(pk=guest.pk).update(email="liddell@example.org")
    assert follow(Client(), link).status_code == 410


def test_a_link_of_one_guest_does_not_open_another(client):
    alice()
    link = link_for(client)
    other = make_person("Eve")
    uid, token = link.strip("/").split("/")[-2:]
    client.get(link)
    for wrong in ("OTk5OTk5", "____", "x" * 300, "%00", uid[:-1]):
        assert client.get(f"{ASK}{wrong}/{token}/").status_code == 410
        assert client.post(f"{ASK}{wrong}/", {"password": NEW}).status_code == 410
    assert client.get(f"{ASK}{uid}/{token[:-1]}/").status_code == 410
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_the_page_of_the_new_password_has_no_secret_in_its_address(client):
    alice()
    link = link_for(client)
    token = link.strip("/").split("/")[-1]
    page = follow(client, link)
    assert token not in page
    answer = client.get(page)
    assert token not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    # Nor does the address alone open anything.
    assert Client().post(page, {"password": NEW}).status_code == 410


def test_an_unknown_e_mail_is_answered_in_the_same_words_and_gets_no_email(client):
    alice()
    pages = []
    for email in ("alice@example.org", "nobody@example.org"):
        answer = client.post(ASK, {"email": email}, follow=True)
        pages.append((answer.status_code, answer.redirect_chain, answer.content))
    assert pages[0] == pages[1]
    assert [email.to for email in delivered()] == [["alice@example.org"]]


def test_an_unknown_e_mail_costs_the_same_statements(client):
    """The time is what the database takes, and no mail is sent before the answer."""
    alice()
    told = []
    for email in ("alice@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as made:
            client.post(ASK, {"email": email})
        told.append([re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in made])
    assert told[0] == told[1]
    assert 0 < len(told[0]) < 8
    assert mail.outbox == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"password": None}])
def test_a_closed_account_gets_no_email(client, fields):
    make_person("Carol", **fields)
    client.post(ASK, {"email": "carol@example.org"})
    assert delivered() == []


def test_every_session_and_every_program_is_logged_out(client):
    guest = alice()
    elsewhere, program = Client(), api_client(guest)
    elsewhere.force_login(guest)
    client.post(follow(client, link_for(client)), {"password": NEW})
    assert elsewhere.get("/account/").status_code == 302
    assert program.get("/auth/me").status_code == 401


def test_the_owner_is_told_by_mail(client):
    alice()
    client.post(follow(client, link_for(client)), {"password": NEW})
    email = delivered()[-1]
    assert (email.to, email.subject) == (["alice@example.org"], "Your password was changed")
    assert NEW not in email.message().as_string()


def test_whoever_was_logged_in_in_that_browser_is_not_any_more(client):
    alice()
    link = link_for(client)
    client.force_login(bob())
    client.post(follow(client, link), {"password": NEW})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("password", ["12345678", "short", "password", "alice@example.org", ""])
def test_a_password_that_everybody_guesses_is_refused_and_the_link_lives(client, password):
    guest = alice()
    page = follow(client, link_for(client))
    assert client.post(page, {"password": password}).status_code == 400
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)
    assert client.post(page, {"password": NEW}).status_code == 302


def test_nobody_fills_somebody_elses_mailbox(client, settings):
    settings.RATE_LIMITS = True
    alice()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        answers = [client.post(ASK, {"email": f"{'aA'[n % 2]}lice@example.org"}) for n in range(5)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
        assert client.post(ASK, {"email": "nobody@example.org"}).status_code == 302


def test_one_address_asks_for_so_many_only_whatever_it_claims(client, settings):
    settings.RATE_LIMITS = True
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        statuses = [
            client.post(
                ASK, {"email": f"g{n}@example.org"}, headers={"x-forwarded-for": f"10.0.0.{n}"}
            ).status_code
            for n in range(32)
        ]
    assert statuses == [302] * 30 + [429] * 2


@pytest.mark.parametrize("email", ["", "nobody", "a\0b@example.org", "x" * 300 + "@example.org"])
def test_what_is_no_e_mail_is_told_by_the_field(client, email):
    answer = client.post(ASK, {"email": email})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize("page", [ASK, "/account/reset/MQ/"])
def test_a_form_from_elsewhere_is_refused(page):
    assert Client(enforce_csrf_checks=True).post(page, {"email": "x"}).status_code == 403


def test_after_the_reset_nobody_is_led_off_the_site(client):
    alice()
    page = follow(client, link_for(client))
    answer = client.post(f"{page}?next=//evil.example", {"password": NEW, "next": "//evil.example"})
    assert answer.url == "/account/log-in/"


def test_password_managers_know_what_is_what(client):
    alice()
    html = client.get(follow(client, link_for(client))).content.decode()
    assert 'autocomplete="new-password"' in html
    assert 'value="alice@example.org" autocomplete="username"' in html
    assert "onpaste" not in html
