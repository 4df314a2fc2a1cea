"""The catalogue in the back office."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from moviereservation.web.forms import RefusedNextToField
from movies import catalogue
from movies.errors import MovieRefused
from movies.models import Genre, Movie


class RefusableDeletion(admin.ModelAdmin):
    """Asks without listing every row that would go too, and says why if it cannot be."""

    still_used: Any = _("It is in use and cannot be deleted.")
    goes_too: Any = ""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        names = [str(record) for record in objs]
        kind = str(self.opts.verbose_name_plural)
        goes = [*names, str(self.goes_too)] if self.goes_too else names
        return goes, {kind: len(names)}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except MovieRefused as refused:
            return self._refuse(request, object_id, str(refused))
        except (ProtectedError, RestrictedError):
            return self._refuse(request, object_id, str(self.still_used))

    def _refuse(self, request: HttpRequest, object_id: str, why: str) -> HttpResponse:
        self.message_user(request, why, messages.ERROR)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[object_id]))


@admin.register(Movie)
class MovieAdmin(RefusedNextToField, RefusableDeletion):
    refusals = (MovieRefused,)
    field_in_doubt = "runtime_minutes"
    goes_too = _("and its showtimes, if nobody has ever booked one")
    list_display = ("small_poster", "title", "genre_names", "runtime_minutes", "rating", "year")
    list_display_links = ("small_poster", "title")
    list_filter = ("genres", "rating")
    search_fields = ("title", "original_title", "directors", "cast")
    search_help_text = _("Words in the title or the people.")
    ordering = ("title", "pk")
    show_full_result_count = False
    filter_horizontal = ("genres",)
    readonly_fields = ("poster",)
    fieldsets = (
        (None, {"fields": ("title", "original_title", "summary", "description", "genres")}),
        (_("Facts"), {"fields": (
            "runtime_minutes", ("rating", "rating_reason"), "release_date", "directors", "cast",
            ("language", "country"), "trailer_url",
        )}),
        (_("Poster"), {"fields": ("poster", "poster_file", "poster_url", "poster_alt")}),
        (_("Address"), {"fields": ("slug",), "classes": ("collapse",), "description": _(
            "The last part of the movie’s page. Made from the title when it is left empty; "
            "changing it later breaks links."
        )}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        return super().get_queryset(request).prefetch_related("genres")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in ("summary", "cast"):
            kwargs["widget"] = Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
        if db_field.name == "trailer_url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:
        catalogue.save(obj)

    def delete_model(self, request: HttpRequest, obj: Movie) -> None:
        catalogue.remove(obj)

    @admin.display(description=_("poster"))
    def small_poster(self, movie: Movie) -> str:
        return _picture(movie, "poster-small")

    @admin.display(description=_("now"))
    def poster(self, movie: Movie) -> str:
        return _picture(movie, "poster-large")

    @admin.display(description=_("genres"))
    def genre_names(self, movie: Movie) -> str:
        return ", ".join(movie.genre_list)

    @admin.display(description=_("year"), ordering="release_date")
    def year(self, movie: Movie) -> int | None:
        return movie.release_date.year if movie.release_date else None


@admin.register(Genre)
class GenreAdmin(RefusableDeletion):
    list_display = ("name",)
    search_fields = ("name",)


def _picture(record: Model, kind: str) -> str:
    address = getattr(record, "poster_image", "")
    return format_html('<img class="{}" src="{}" alt="">', kind, address) if address else ""
