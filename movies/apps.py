from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import gettext_lazy as _


class MoviesConfig(AppConfig):
    name = "movies"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from movies.cached_reads import invalidate
        from movies.models import Genre, Movie

        # Also what the admin or a script changes makes the cached catalogue out of date.
        for model in (Movie, Genre):
            post_save.connect(invalidate, sender=model)
            post_delete.connect(invalidate, sender=model)
        m2m_changed.connect(invalidate, sender=Movie.genres.through)
