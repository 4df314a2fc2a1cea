"""A mail server for tests, a real one that can be away or refuse; and messages to send there."""

import contextlib
import socket
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from accounts import outbox


class MailServer:
    """`refusal` is answered to every recipient, `busy` after every e-mail."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.refusal = self.busy = ""
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


def work() -> None:
    """What the worker of `make run` does, until nothing in the queue is due."""
    Worker(
        queue_names=["default"], excluded_queue_names=[], interval=0, batch=True,
        backend_name="default", startup_delay=False, max_tasks=None, worker_id="test",
    ).run()  # fmt: skip
