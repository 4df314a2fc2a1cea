"""`manage.py translations`: bring the catalogues up to the code, and compile them."""

from typing import Any

from django.core.management.base import BaseCommand

from moviereservation import translations


class Command(BaseCommand):
    help = "Find what people read, merge it into the catalogues, compile them."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in translations.languages():
            missing = translations.untranslated(translations.refresh(language))
            self.stdout.write(f"{language}: {len(missing)} to translate")
            for message in missing:
                self.stdout.write(
                    f"  {message.id!r} ({', '.join(at for at, _line in message.locations)})"
                )
