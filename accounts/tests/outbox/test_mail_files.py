"""Without a mail server e-mails are files: one for a mail program, one for a browser."""

import stat
from email import message_from_bytes

import pytest

from accounts.outbox import Content, File
from accounts.outbox.renderer import compose


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "accounts.outbox.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(**parts) -> None:
    compose(Content(to="ann@example.org", template="emails/base", **parts), key="k").send()


def test_the_email_is_there_twice(folder):
    send()
    [mail] = folder.glob("*.eml")
    assert message_from_bytes(mail.read_bytes())["To"] == "ann@example.org"
    [page] = folder.glob("*.html")
    assert "The Lantern Picture House" in page.read_text()


def test_the_page_brings_its_pictures_along(folder, settings, tmp_path):
    (tmp_path / "pictures.txt").write_text("Hello")
    (tmp_path / "pictures.html").write_text('<img src="cid:code@tickets">')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    content = Content(
        to="ann@example.org",
        template="pictures",
        pictures=[File("code@tickets", b"\x89PNG", "image/png")],
    )
    compose(content, key="k").send()
    [page] = folder.glob("*.html")
    assert page.read_text() == '<img src="data:image/png;base64,iVBORw==">'


def test_others_on_the_machine_do_not_read_them(folder):
    send()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
