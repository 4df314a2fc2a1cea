from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MovieReservationConfig(AppConfig):
    name = "moviereservation"
    verbose_name = _("Box office")

    def ready(self) -> None:
        from moviereservation.roles import ensure_roles

        # Whatever refuses is declared by now, whoever asks for the list of codes.
        autodiscover_modules("errors")
        # The last app with models: by then every app's permissions exist.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("reservations"))
