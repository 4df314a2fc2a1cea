"""`manage.py housekeeping`: tidy up once, or again and again."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from reservations.upkeep import housekeeping


class Command(BaseCommand):
    help = "Settle what waits, let holds lapse, follow refunds. Safe on many machines at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="do not stop; one round every so often"
        )

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        if every is None:
            self.stdout.write(str(housekeeping.tidy(now=timezone.now())))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stop.set())
        while not stop.is_set():
            self._round()
            stop.wait(every)

    def _round(self) -> None:
        close_old_connections()
        try:
            report = housekeeping.tidy(now=timezone.now())
        except DatabaseError as error:
            self.stderr.write(f"The database did not answer ({error}); the next round tries again.")
            return
        if any(report.done.values()):
            self.stdout.write(str(report))
