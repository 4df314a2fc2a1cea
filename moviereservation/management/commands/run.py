"""`python manage.py run`: everything a box office needs, in one terminal."""

import hashlib
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from moviereservation.management import supervisor
from moviereservation.management.supervisor import CannotRun, Child, say

DEMO_GUESTS = ("guest", "manager", "boxoffice", "door")


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load every page of the product: a second
    help = "Prepare the database, then keep web server, workers and (demo) stand-in running."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            host = address(os.environ.get("HOST") or "127.0.0.1")
            children = list(box_office(host))
            ports = [settings.PORT, settings.PORT + 1] if runs_the_standin() else [settings.PORT]
            supervisor.refuse_taken_ports(ports)
            prepare()
            with supervisor.running(
                children, folder=settings.BASE_DIR, host=host, port=settings.PORT
            ):
                say(welcome(time.monotonic() - began))
                supervisor.watch(children, folder=settings.BASE_DIR)
        except CannotRun as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            say("\nThe box office is closed.")


def address(host: str) -> str:
    """The web server takes no names, only addresses."""
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except OSError:
        raise CannotRun(f"HOST must be an address of this machine, and {host} is none.") from None


def box_office(host: str) -> Iterator[Child]:
    """The processes, in the order in which they are started."""
    if runs_the_standin():
        yield Child("Stripe stand-in", standin_command(), quiet=True)
    yield Child("web server", web_command(host))
    yield Child("housekeeping", beside("housekeeping", "--every", "5"), waits=True)
    yield Child("e-mail worker", beside("outbox"), waits=True)


def beside(command: str, *arguments: str) -> list[str]:
    """Without the system checks, which load every page of the product: 30 MB each."""
    return [sys.executable, "manage.py", command, "--skip-checks", *arguments]


def runs_the_standin() -> bool:
    """Ours to start only where the settings look for it by default: on the next port, here."""
    base = urlsplit(settings.STRIPE_API_BASE)
    here = base.hostname in ("localhost", "127.0.0.1") and base.port == settings.PORT + 1
    return bool(settings.STRIPE_STANDIN and here)


def standin_command() -> list[str]:
    return [
        *(sys.executable, "-m", "tools.standin", "--port", str(settings.PORT + 1)),
        *("--state", str(settings.VAR_DIR / "standin.sqlite3")),
        *("--webhook-url", f"http://127.0.0.1:{settings.PORT}/payment/webhook"),
        *("--webhook-secret", settings.STRIPE_WEBHOOK_SECRET),
    ]


def web_command(host: str) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(settings.PORT)),
        *("--workers", str(web_workers()), "--blocking-threads", "4"),
        *("--http", "1", "--no-ws", "--log-level", "warning"),
        *("--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5"),
        "moviereservation.wsgi:application",
    ]


def web_workers() -> int:
    """One where the cache or the database lives in the process or in a file; otherwise two."""
    shared = settings.REDIS_URL and "sqlite" not in settings.DATABASES["default"]["ENGINE"]
    return int(os.environ.get("WEB_WORKERS") or (2 if shared else 1))


def prepare() -> None:
    """Bring database, demo and static files up to date; costs little when they are."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        if settings.DEMO:
            call_command("seed_demo", skip_checks=True)
    except DatabaseError as error:
        raise CannotRun(f"The database cannot be used: {error}") from error
    if not settings.DEBUG:
        collect_static()


def collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = state_of_static_files()
    if not stamp.is_file() or stamp.read_text() != state:
        say("Collecting static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)


def state_of_static_files() -> str:
    """A fingerprint of names, sizes and times of all that collectstatic would read."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda file: file[0]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def welcome(seconds: float) -> str:
    lines = [
        "",
        f"  The box office is open after {seconds:.0f} s.  Ctrl-C closes it.",
        "",
        f"  What's on    {settings.SITE_URL}/",
        f"  API          {settings.SITE_URL}/api/docs/",
        f"  Admin        {settings.SITE_URL}/admin/",
    ]
    if settings.DEMO:
        lines += [
            "",
            f"  Log in as    {', '.join(f'{guest}@example.org' for guest in DEMO_GUESTS)}",
            "  Password     demo-cinema-1895",
        ]
    if settings.EMAIL_BACKEND == "accounts.outbox.mail_files.EmailBackend":
        lines.append(f"  E-mails      {settings.EMAIL_FILE_PATH} (open the .html)")
    if settings.STRIPE_STANDIN:
        lines.append(
            f"  Card         4242 4242 4242 4242 (Stripe stand-in: {settings.STRIPE_API_BASE})"
        )
    return "\n".join([*lines, ""])
