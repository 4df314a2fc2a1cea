"""Managers see which message went out, why another one did not, and have it tried again."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import outbox
from accounts.models import OutgoingMessage
from accounts.outbox import sending
from accounts.outbox.renderer import WRITERS
from accounts.tests.cast import alice, bo, mia

pytestmark = pytest.mark.django_db
MESSAGES = "/admin/accounts/outgoingmessage/"


@pytest.fixture
def given_up(monkeypatch) -> OutgoingMessage:
    """One whose mailbox did not exist, until its owner made room."""

    def refuse(**_about):
        raise smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"mailbox is full")})

    outbox.enqueue("greeting", key="greeting:1", now=timezone.now())
    monkeypatch.setitem(WRITERS, "greeting", refuse)
    sending.attempt("greeting:1", now=timezone.now() + timedelta(seconds=1))
    content = outbox.Content(to="ann@example.org", template="emails/base")
    monkeypatch.setitem(WRITERS, "greeting", lambda **_about: content)
    return OutgoingMessage.objects.get()


def test_the_list_tells_what_was_not_sent_and_why(client, given_up):
    client.force_login(mia())
    for asked, found in (("given_up", True), ("sent", False), ("waiting", False)):
        page = client.get(MESSAGES, {"standing": asked}).content.decode()
        assert ("greeting:1" in page) == found
    page = client.get(MESSAGES).content.decode()
    assert "mailbox is full" in page


def test_what_was_given_up_is_tried_again_on_request(client, given_up):
    client.force_login(mia())
    asked = {"action": "try_again", "_selected_action": [given_up.pk]}
    assert "1 message is tried again." in client.post(MESSAGES, asked, follow=True).content.decode()
    sending.attempt("greeting:1", now=timezone.now() + timedelta(seconds=1))
    assert len(mail.outbox) == 1
    assert "All of them were sent." in client.post(MESSAGES, asked, follow=True).content.decode()
    sending.attempt("greeting:1", now=timezone.now() + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_what_waits_for_long_is_a_trouble_on_the_front_page(client):
    client.force_login(mia())
    now = timezone.now()
    outbox.enqueue("greeting", key="greeting:1", now=now - timedelta(minutes=5))
    assert "for the mail server" not in client.get("/admin/").content.decode()
    outbox.enqueue("greeting", key="greeting:2", now=now - timedelta(hours=1))
    assert "1 message waits for the mail server" in client.get("/admin/").content.decode()


def test_only_managers_see_messages_and_nobody_writes_one(client):
    for somebody in (bo(), alice()):
        client.force_login(somebody)
        assert client.get(MESSAGES).status_code in (302, 403)
    client.force_login(mia())
    assert client.get(f"{MESSAGES}add/").status_code == 403
