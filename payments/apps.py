from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Money")

    def ready(self) -> None:
        from payments import audit  # noqa: F401 (declares its rules)

        post_migrate.connect(protect_ledger, sender=self)


def protect_ledger(using: str, apps: Any = apps, **_kwargs: Any) -> None:
    """After every migration: SQLite changes a table by making it anew, without its triggers."""
    from moviereservation.db import append_only

    try:
        table = apps.get_model("payments", "LedgerEntry")._meta.db_table
    except LookupError:  # on the way back to where there was none
        return
    append_only.protect(connections[using], table)
