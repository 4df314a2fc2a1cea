"""A mail server for tests, a real one that can be away or refuse; and messages to send there."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from accounts import outbox
from accounts.outbox.worker import Worker


class MailServer:
    """`refusal` is answered to every recipient, `busy` after every e-mail.

    `before_yes` is called when an e-mail is here and whoever sent it does not know yet.
    """

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.refusal = self.busy = ""
        self.before_yes: Callable[[], object] = lambda: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.busy:
            return self.busy
        assert isinstance(envelope.content, bytes)
        self.received.append(message_from_bytes(envelope.content))
        self.before_yes()
        return "250 OK"

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()


def enqueue(
    key: str = "greeting:1", *, now: datetime | None = None, name: str = "Ann", **options: Any
) -> bool:
    return outbox.enqueue("greeting", key=key, now=now or timezone.now(), name=name, **options)


def work() -> int:
    """What the worker of `make run` does when it looks once; count what it attempted."""
    return Worker(clock=timezone.now).send_due()
