"""`manage.py audit`: is anything true that must never be?"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from moviereservation.db import audit_rules
from payments import reconciliation
from payments.errors import StripeUnavailable

PATIENCE_SECONDS = 3600


class Command(BaseCommand):
    help = "Check every invariant of bookings and money. Exits with 1 if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stripe-days",
            type=_days,
            metavar="DAYS",
            help="also compare Stripe's books of so many days with ours",
        )

    def handle(self, *args: Any, stripe_days: int | None, **options: Any) -> None:
        be_patient()
        now, broken = timezone.now(), 0
        for rule, finding in audit_rules.findings(now=now):
            self.stdout.write(f"{'ok    ' if finding is None else 'BROKEN'}  {rule.name}")
            if finding is not None:
                broken += 1
                examples = ", ".join(finding.examples)
                self.stdout.write(f"        {finding.count}: {examples}")
                self.stdout.write(f"        {rule.to_do}")
        if stripe_days is not None:
            try:
                differences = list(
                    reconciliation.differences(since=now - timedelta(days=stripe_days))
                )
            except StripeUnavailable:
                raise CommandError("Stripe does not answer: its books were not compared.") from None
            self.stdout.write(f"{'BROKEN' if differences else 'ok    '}  Stripe's books are ours")
            for difference in differences[:20]:
                self.stdout.write(f"        {difference}")
            broken += bool(differences)
        if broken:
            raise CommandError(f"{broken} of the rules are broken.")


def be_patient() -> None:
    """On years of bookings a rule takes longer than a guest would wait for any statement."""
    if connection.vendor == "mysql" and not connection.in_atomic_block:
        connection.close()
        options = {**connection.settings_dict["OPTIONS"], "read_timeout": PATIENCE_SECONDS}
        connection.settings_dict = {**connection.settings_dict, "OPTIONS": options}


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise ArgumentTypeError("a number of days, from 1 to 3650")
    return int(text)
