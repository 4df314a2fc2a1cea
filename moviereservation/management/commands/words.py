"""`manage.py words`: bring the catalogues of translations up to the code, and compile them."""

from typing import Any

from django.core.management.base import BaseCommand

from moviereservation import words


class Command(BaseCommand):
    help = "Find what people read, merge it into the catalogues, compile them."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in words.languages():
            missing = words.untranslated(words.refresh(language))
            self.stdout.write(f"{language}: {len(missing)} to translate")
            for message in missing:
                self.stdout.write(
                    f"  {message.id!r} ({', '.join(at for at, _line in message.locations)})"
                )
