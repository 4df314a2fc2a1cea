"""How an e-mail is written: in the moment it is sent, from the records as they are then."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.template import Context, Engine
from django.template.loader import render_to_string

from moviereservation.web.addresses import site_url


@dataclass(frozen=True, slots=True)
class File:
    """A part of an e-mail. A picture is named in the HTML as `cid:<name>`."""

    name: str
    content: bytes
    mimetype: str


@dataclass(frozen=True, slots=True)
class Content:
    """`template` names `<template>.html` and `<template>.txt`, whose first line is the subject."""

    to: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    pictures: Sequence[File] = ()
    attachments: Sequence[File] = ()


Writer = Callable[..., Content | None]
WRITERS: dict[str, Writer] = {}
WARM_UPS: list[Callable[[], None]] = []
BLANK_LINES = re.compile(r"\n{3,}")


def writer(kind: str, *, warm_up: Callable[[], None] | None = None) -> Callable[[Writer], Writer]:
    """Let this function write the messages of a kind.

    It is called with what was enqueued, and returns None when the message is not wanted any more.
    Promises outlive a deploy: a kind and its arguments keep their names. A worker calls `warm_up`
    when it starts, so that the first message does not wait for what is read once.
    """

    def register(write: Writer) -> Writer:
        WRITERS[kind] = write
        if warm_up is not None:
            WARM_UPS.append(warm_up)
        return write

    return register


def compose(content: Content, *, key: str) -> EmailMultiAlternatives:
    """Write the e-mail in the language that is active.

    One key always has the same Message-ID, so that a mailbox can tell a repetition from a second
    e-mail.
    """
    context = {**content.context, "home": site_url("/")}
    # Plain text is not escaped: `Tom & Jerry` is no `Tom &amp; Jerry` there.
    plain = Engine.get_default().get_template(f"{content.template}.txt")
    first_line, _newline, text = (
        plain.render(Context(context, autoescape=False)).strip().partition("\n")
    )
    context["subject"] = subject = " ".join(first_line.split())
    mail = Mail(
        subject=subject,
        body=BLANK_LINES.sub("\n\n", text).strip() + "\n",
        to=[content.to],
        headers={"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{content.template}.html", context), "text/html")
    mail.pictures = content.pictures
    for file in content.attachments:
        mail.attach(file.name, file.content, file.mimetype)
    return mail


def message_id(key: str) -> str:
    # The word is from 1.0.0: what it sent once and we send again has the same Message-ID.
    secret = hashlib.sha256(f"letter {key} {settings.SECRET_KEY}".encode()).hexdigest()[:32]
    return f"<{secret}@{urlsplit(settings.SITE_URL).hostname}>"


class Mail(EmailMultiAlternatives):
    """With its pictures next to the HTML (multipart/related), where mail programs look for them."""

    pictures: Sequence[File] = ()

    def _create_alternatives(self, msg: MIMEBase) -> MIMEBase:
        body: MIMEBase = super()._create_alternatives(msg)  # type: ignore[misc]
        if not self.pictures:
            return body
        parts: Any = body.get_payload()
        text, html = parts
        related = SafeMIMEMultipart(_subtype="related", encoding=self.encoding)
        related.attach(html)
        for picture in self.pictures:
            image = MIMEImage(picture.content, picture.mimetype.rpartition("/")[2])
            image["Content-ID"] = f"<{picture.name}>"
            image["Content-Disposition"] = "inline"
            related.attach(image)
        body.set_payload([text, related])
        return body
