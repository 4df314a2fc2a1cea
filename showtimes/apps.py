from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class ShowtimesConfig(AppConfig):
    name = "showtimes"
    verbose_name = "Programme"

    def ready(self) -> None:
        from movies.catalogue import forget
        from showtimes.models import Auditorium, Showtime

        for model in (Auditorium, Showtime):
            post_save.connect(forget, sender=model)
            post_delete.connect(forget, sender=model)
