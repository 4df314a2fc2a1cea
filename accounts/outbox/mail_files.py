"""E-mails as files, where there is no mail server: `.eml` for mail programs, `.html` to look at."""

import base64
import time
from collections.abc import Sequence
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.text import slugify

UNREADABLE_BY_OTHERS = 0o700  # they let people in


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=UNREADABLE_BY_OTHERS, parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            mark = slugify(message["Message-ID"])[:6]
            name = f"{time.strftime('%Y%m%d-%H%M%S')}-{slugify(mail.subject)[:60]}-{mark}"
            (folder / f"{name}.eml").write_bytes(message.as_bytes())
            (folder / f"{name}.html").write_text(as_page(message))
        return len(email_messages)


def as_page(message: Message) -> str:
    """Show the HTML of an e-mail with its pictures in it, or else its plain text."""
    parts = {part.get_content_type(): part for part in message.walk()}
    page = _content(parts.get("text/html") or parts["text/plain"]).decode()
    for part in message.walk():
        if name := part.get("Content-ID", "").strip("<>"):
            data = base64.b64encode(_content(part)).decode()
            page = page.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return page


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
