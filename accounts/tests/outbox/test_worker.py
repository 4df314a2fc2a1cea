"""The worker as a process: it wakes by itself, ends in order, and is not missed when killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts import outbox
from accounts.models import OutgoingMessage, OutgoingMessageQuerySet, User
from accounts.outbox.sending import SENDERS
from accounts.outbox.worker import Worker
from accounts.tests.cast import mia
from accounts.tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds
WORKER = """
import django, datetime
django.setup()
from accounts.outbox import sending
{change}
from django.core.management import call_command
call_command("outbox", every=0.1)
"""
SHORT_LEASE = "sending.LEASE = datetime.timedelta(seconds=1)"


@contextlib.contextmanager
def worker(mail_server: MailServer, change: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "DJANGO_SETTINGS_MODULE": "moviereservation.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(change=change)], cwd=ROOT, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def database_url() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"mysql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def promise(*keys: str) -> None:
    person = User.objects.first() or mia()
    for key in keys:
        outbox.enqueue("password_changed", key=key, now=timezone.now(), user_id=person.pk)


def wait_until(it_is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not it_is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def after_a_death(mail_server: MailServer, change: str = "") -> list[str]:
    """The ids of what arrives when a worker is killed before its mark, and another is started.

    The other one has time for three leases.
    """
    promise("one")
    with mail_server.open():
        with worker(mail_server, SHORT_LEASE) as first:
            mail_server.before_yes = first.kill
            assert first.wait(PATIENCE) == -signal.SIGKILL
        mail_server.before_yes = lambda: None
        assert OutgoingMessage.objects.waiting().get().tries == 1
        with worker(mail_server, f"{SHORT_LEASE}; {change}"):
            wait_until(lambda: len(mail_server.received) > 1)
            time.sleep(3)
    return [email["Message-ID"] for email in mail_server.received]


def test_a_worker_killed_between_the_mail_server_and_the_mark_sends_at_most_once_more(mail_server):
    arrived = after_a_death(mail_server)
    assert (len(arrived), len(set(arrived))) == (2, 1)
    assert OutgoingMessage.objects.get().standing == "sent"


def test_control_a_worker_that_does_not_mark_sends_it_again_and_again(mail_server):
    arrived = after_a_death(mail_server, "sending._mark = lambda *_row, **_changes: None")
    assert len(arrived) > 2


def test_without_work_it_ends_at_once_however_long_its_pause():
    worker = Worker(clock=timezone.now)
    before = signal.signal(signal.SIGUSR1, worker.stop)
    try:
        Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        with pytest.raises(SystemExit) as ended:
            worker.run(every=3600)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended.value.code == 0


def test_while_the_database_is_away_it_says_so_once_and_goes_on(monkeypatch, caplog):
    promise("one")
    worker = Worker(clock=timezone.now)

    def away(*_now, **_options):
        raise OperationalError("gone away")

    with monkeypatch.context() as fault:
        fault.setattr(OutgoingMessageQuerySet, "due", away)
        assert [worker.look(), worker.look()] == [0, 0]
    assert caplog.text.count("gone away") == 1
    assert worker.look() == 1


def test_it_wakes_by_itself_and_ends_after_the_message_in_hand(mail_server):
    with mail_server.open(), worker(mail_server) as process:
        promise("one")
        wait_until(lambda: OutgoingMessage.objects.get().standing == "sent")

        def end_it():
            process.terminate()
            time.sleep(0.5)  # until it has heard of it

        mail_server.before_yes = end_it
        promise("two", "three")
        assert process.wait(PATIENCE) == 0
    assert len(mail_server.received) == 2
    in_hand, not_begun = OutgoingMessage.objects.exclude(key="one").order_by("pk")
    assert (in_hand.standing, in_hand.taken_until) == ("sent", None)
    assert (not_begun.standing, not_begun.tries) == ("waiting", 0)


def test_looking_for_work_reads_an_index_and_sorts_nothing():
    now = timezone.now()
    sent = {
        "kind": "greeting",
        "language": "en",
        "posted_at": now,
        "good_until": now,
        "due_at": now,
    }
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(key=f"{n}", sent_at=now if n % 100 else None, **sent) for n in range(3000)
    )
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE TABLE accounts_letter")
            cursor.fetchall()
    due = OutgoingMessage.objects.due(now=now).filter(channel__in=SENDERS).order_by("due_at")
    plan = due[:50].explain()
    assert "accounts_le_sent_at_c65725_idx" in plan
    assert "filesort" not in plan
    assert "TEMP B-TREE" not in plan
