"""Another e-mail: with the password, by a link in the new mailbox, and the old one hears of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import EmailChange, User
from accounts.tests.cast import PASSWORD, alice, bob
from accounts.tests.mailbox import delivered, link_in

pytestmark = pytest.mark.django_db

PAGE = "/account/email/"
NEW = "liddell@example.org"


@pytest.fixture
def guest(client):
    guest = alice()
    client.force_login(guest)
    return guest


def ask(client, email=NEW, password=PASSWORD):
    return client.post(PAGE, {"email": email, "password": password})


def emails_to(address):
    return [email for email in delivered() if email.to == [address]]


def email_of(guest):
    return User.objects.get(pk=guest.pk).email


def test_the_new_address_counts_once_its_link_was_followed(client, guest):
    assert ask(client, "Liddell@Example.org").url == "/account/email/sent/"
    assert email_of(guest) == "alice@example.org"
    link = link_in(*emails_to(NEW))
    assert NEW in Client().get(link).content.decode()
    assert email_of(guest) == "alice@example.org"  # looking changes nothing
    assert Client().post(link).url == "/account/"  # on another device, without a log-in
    assert email_of(guest) == NEW
    assert client.get("/account/").status_code == 200  # who was logged in stays so


def test_a_link_that_1_0_0_sent_stays_good(client, guest):
    ask(client)
    token = signing.dumps(EmailChange.objects.get().nonce, salt="accounts.mailboxes")
    assert client.post(f"{PAGE}{token}/").url == "/account/"
    assert email_of(guest) == NEW


def test_the_old_address_hears_of_the_wish_and_of_the_change(client, guest):
    ask(client)
    (asked,) = emails_to("alice@example.org")
    assert asked.subject == "Somebody wants to change your e-mail"
    client.post(link_in(*emails_to(NEW)))
    assert emails_to("alice@example.org")[-1].subject == "Your e-mail was changed"


def test_the_link_works_once_and_not_after_a_newer_wish_or_a_day(client, guest):
    ask(client)
    first = link_in(*emails_to(NEW))
    ask(client, "third@example.org")
    second = link_in(*emails_to("third@example.org"))
    assert client.post(first).status_code == 410
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.get(second).status_code == 410
        assert client.post(second).status_code == 410
    assert client.post(second).status_code == 302
    assert client.post(second).status_code == 410
    assert email_of(guest) == "third@example.org"


def test_the_wrong_password_writes_no_email(client, guest):
    assert ask(client, password="wrong").status_code == 403
    assert delivered() == []
    assert not EmailChange.objects.exists()


def test_a_taken_address_is_answered_alike_and_only_its_owner_learns_why(
    client, guest, django_assert_num_queries
):
    owner = bob()
    answers = []
    for email in (NEW, "BOB@example.org"):
        with django_assert_num_queries(7):
            answer = ask(client, email)
        answers.append((answer.status_code, answer.url))
    assert answers[0] == answers[1]
    (told,) = emails_to(owner.email)
    assert told.subject == "You have an account already"
    assert PAGE not in told.body
    assert "alice" not in told.message().as_string().lower()


def test_who_signed_up_with_it_meanwhile_keeps_it(client, guest):
    ask(client)
    link = link_in(*emails_to(NEW))
    other = User.objects.create_user(NEW, PASSWORD, name="Other")
    assert client.post(link).status_code == 410
    assert (email_of(guest), email_of(other)) == ("alice@example.org", NEW)


@pytest.mark.parametrize("token", ["x", "a:b:c", "sent:", "../..", "%00", "x" * 500])
def test_a_link_that_was_made_up_leads_nowhere(client, guest, token):
    for call in (client.get, client.post):
        assert call(f"{PAGE}{token}/").status_code in (404, 410)
    assert email_of(guest) == "alice@example.org"


def test_emails_are_not_sent_without_end(client, guest, settings):
    settings.RATE_LIMITS = True
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        statuses = [ask(client, f"n{n}@example.org").status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]


def test_the_link_leads_to_our_own_address_whatever_the_host_header_says(client, guest, settings):
    settings.ALLOWED_HOSTS = ["*"]
    wish = {"email": NEW, "password": PASSWORD}
    client.post(PAGE, wish, headers={"host": "evil.example"})
    assert all("evil" not in email.message().as_string() for email in delivered())
    assert link_in(*emails_to(NEW)).startswith(PAGE)


def test_a_stranger_cannot_ask_and_a_form_from_elsewhere_is_refused(guest):
    assert ask(Client()).url == f"/account/log-in/?next={PAGE}"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(guest)
    assert ask(strict).status_code == 403
    assert not EmailChange.objects.exists()
