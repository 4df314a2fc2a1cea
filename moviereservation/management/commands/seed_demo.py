"""`manage.py seed_demo`: open the demo cinema, if the catalogue is empty."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moviereservation.demo.cinema import hire_people, open_cinema


class Command(BaseCommand):
    help = "Fill an empty catalogue with the demo cinema. Never touches one that is not empty."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: nothing is seeded (DEMO=on makes it one).")
        opened = open_cinema(now=timezone.now())
        hire_people()
        self.stdout.write(
            "The demo cinema is open." if opened else "The catalogue is not empty: left as it is."
        )
