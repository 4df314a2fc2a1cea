from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Guests and staff")

    def ready(self) -> None:
        from accounts import audit  # noqa: F401 (declares its rules)
        from accounts.sign_in import email_change, passwords  # noqa: F401 (the worker must know their writers)
