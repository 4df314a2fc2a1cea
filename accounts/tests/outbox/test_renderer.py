"""What an e-mail looks like, and that nothing in it gets out of its place."""

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import OutgoingMessage
from accounts.outbox import sending
from accounts.outbox.renderer import WRITERS
from accounts.tests.mail_server import enqueue, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("greeting")]


def test_a_message_that_is_not_wanted_any_more_is_not_sent():
    enqueue(name="")
    work()
    message = OutgoingMessage.objects.get()
    assert (mail.outbox, message.sent_at, message.last_error) == ([], None, sending.NOT_WANTED)


def test_no_name_puts_a_line_into_the_headers():
    enqueue(name="Ann\r\nBcc: eve@example.org\r\n\r\n<b>Hi</b>")
    work()
    [email] = mail.outbox
    assert email.message()["Bcc"] is None
    assert email.recipients() == ["ann@example.org"]
    assert email.subject == "Hello Ann"


def test_plain_text_is_not_escaped_and_html_is():
    enqueue(name="Tom & <Jerry>")
    work()
    [email] = mail.outbox
    assert "Dear Tom & <Jerry>," in email.body
    assert "Dear Tom &amp; &lt;Jerry&gt;" in email.alternatives[0].content


def test_it_is_written_in_the_language_in_which_it_was_asked_for(monkeypatch):
    seen = []
    monkeypatch.setitem(
        WRITERS, "greeting", lambda **_about: seen.append(translation.get_language())
    )
    with translation.override("de"):
        enqueue()
    work()
    assert seen == ["de"]
