from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class ShowtimesConfig(AppConfig):
    name = "showtimes"
    verbose_name = _("Programme")

    def ready(self) -> None:
        from movies.cached_reads import invalidate
        from movies.signals import runtime_changed
        from showtimes import audit  # noqa: F401 (declares its rules)
        from showtimes.models import Auditorium, Showtime
        from showtimes.scheduling.runtime_change import on_runtime_changed

        for model in (Auditorium, Showtime):
            post_save.connect(invalidate, sender=model)
            post_delete.connect(invalidate, sender=model)
        runtime_changed.connect(on_runtime_changed)
