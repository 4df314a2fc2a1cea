"""`manage.py outbox`: the worker that sends what was promised."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.outbox.worker import Worker, warm_up


class Command(BaseCommand):
    help = "Send messages as soon as they are due. Several may run, also on several machines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every",
            type=float,
            default=0.5,
            metavar="SECONDS",
            help="the pause before looking again when nothing is due (default: %(default)s)",
        )

    def handle(self, *args: Any, every: float, **options: Any) -> None:
        worker = Worker(clock=timezone.now)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        warm_up()
        worker.run(every=every)
