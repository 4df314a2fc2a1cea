"""For the tests of the outbox: a kind of message, and a mail server that it really goes to."""

import pytest

from accounts.outbox.renderer import WRITERS, Content
from accounts.tests.mail_server import MailServer

TEMPLATE = "accounts/tests/greeting"


@pytest.fixture
def greeting(settings, tmp_path, monkeypatch):
    """A kind of message: a greeting to whoever is named."""
    folder = tmp_path / TEMPLATE
    folder.parent.mkdir(parents=True)
    folder.with_suffix(".txt").write_text("Hello {{ name }}\n\nDear {{ name }}, {{ home }}\n")
    folder.with_suffix(".html").write_text("<h1>{{ subject }}</h1><p>Dear {{ name }}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(*, name: str) -> Content | None:
        if not name:
            return None
        return Content(to="ann@example.org", template=TEMPLATE, context={"name": name})

    monkeypatch.setitem(WRITERS, "greeting", write)


@pytest.fixture
def mail_server(settings) -> MailServer:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    return server
