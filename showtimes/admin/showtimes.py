"""Showtimes, day by day: planned, put on sale, and changed only as far as the rules allow."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moviereservation.business_day import business_day
from moviereservation.web.admin.long_lists import LongChangeList, LongList
from moviereservation.web.forms import RefusedNextToField
from movies.admin import RefusableDeletion
from showtimes import scheduling
from showtimes.admin.days import PAST, BusinessDayFilter
from showtimes.admin.forms import PRICE_FIELDS, ShowtimeForm
from showtimes.errors import SchedulingRefused
from showtimes.formats import badges, clock, money, short_day
from showtimes.models import SeatKind, Showtime, ShowtimeState
from showtimes.programme.availability import seats_taken
from showtimes.scheduling import rescheduling
from showtimes.scheduling.rescheduling import PLACING

FIXED = (*PLACING, "state")


class CountedChangeList(LongChangeList):
    """The list's showtimes with `seats_taken`: one question for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        taken = seats_taken([showtime.pk for showtime in self.result_list], now=timezone.now())
        for showtime in self.result_list:
            showtime.seats_taken = taken[showtime.pk]


@admin.register(Showtime)
class ShowtimeAdmin(RefusedNextToField, LongList, RefusableDeletion):
    form = ShowtimeForm
    refusals = (SchedulingRefused,)
    field_in_doubt = "starts_at"
    still_used = _("Seats were booked for it, so it stays. It can be cancelled.")
    list_display = ("starts", "movie_title", "auditorium", "state_mark", "seats")
    list_display_links = ("starts", "movie_title")
    list_filter = (BusinessDayFilter, "state", "auditorium")
    search_fields = ("movie__title",)
    search_help_text = _("Words in the movie’s title.")
    list_per_page = 50
    autocomplete_fields = ("movie",)
    actions: tuple[str, ...] = ("put_on_sale",)
    readonly_fields = ("free_again", "price_list")
    how: ClassVar[dict[str, Any]] = {
        "fields": (
            ("format", "language"), ("has_captions", "has_audio_description", "is_relaxed"),
        )
    }  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Showtime]:
        return Showtime.objects.with_auditorium().select_related("movie")

    def get_ordering(self, request: HttpRequest) -> Any:
        newest_first = request.GET.get(BusinessDayFilter.parameter_name) == PAST
        return ["-starts_at", "-pk"] if newest_first else ["starts_at", "pk"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChangeList

    def get_fieldsets(self, request: HttpRequest, obj: Showtime | None = None) -> Any:
        writes = self.has_change_permission(request, obj) if obj else True
        why_fixed = self.why_fixed(obj) if obj and writes else ""
        placing = (*PLACING, *(["free_again"] if obj else []), "state")
        return (
            (None, {"fields": placing, "description": why_fixed}),
            (_("How it is shown"), self.how),
            (
                _("Prices in %(currency)s") % {"currency": settings.CURRENCY.upper()},
                {
                    "fields": tuple(PRICE_FIELDS) if writes else ("price_list",),
                    "description": _("A kind left empty costs what a standard seat costs.")
                    if writes
                    else "",
                },
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Showtime | None = None) -> Any:
        fixed = FIXED if obj and self.why_fixed(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "state":  # cancelling is not a field but an act
            open_states = (ShowtimeState.DRAFT, ShowtimeState.ON_SALE)
            kwargs["choices"] = [(str(state), state.label) for state in open_states]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def why_fixed(self, showtime: Showtime) -> str:
        """Why movie, auditorium, start and state stand; "" while they may change."""
        if showtime.starts_at <= timezone.now():
            return gettext("It has begun: what was shown when and where stands.")
        return ""

    def has_change_permission(self, request: HttpRequest, obj: Showtime | None = None) -> bool:
        is_final = obj is not None and obj.state == ShowtimeState.CANCELLED
        return not is_final and super().has_change_permission(request, obj)

    def view_on_site(self, obj: Showtime) -> str | None:
        return obj.get_absolute_url() if obj.sells(now=timezone.now()) else None

    def save_model(self, request: HttpRequest, obj: Showtime, form: Any, change: bool) -> None:
        if change:
            rescheduling.change(obj, form.changed_columns, now=timezone.now())
            return
        scheduling.validate_start(obj.starts_at, now=timezone.now(), field="starts_at")
        obj.ends_at = scheduling.free_again_at(scheduling.as_it_stands(obj.movie), obj.starts_at)
        scheduling.refuse_overlap(obj)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Put on sale"), permissions=["change"])
    def put_on_sale(self, request: HttpRequest, queryset: QuerySet[Showtime]) -> None:
        put = rescheduling.put_on_sale(queryset, now=timezone.now())
        message = ngettext(
            "%(n)s showtime is on sale now.", "%(n)s showtimes are on sale now.", put
        )
        self.message_user(request, message % {"n": put}, messages.SUCCESS)
        if left := len(queryset) - put:
            message = ngettext(
                "%(n)s was no draft or has begun, and stays as it is.",
                "%(n)s were no drafts or have begun, and stay as they are.",
                left,
            )
            self.message_user(request, message % {"n": left}, messages.WARNING)

    @admin.display(description=_("starts"))
    def starts(self, showtime: Showtime) -> str:
        return render_to_string(
            "admin/showtimes/showtime/_start.html",
            {"starts_at": showtime.starts_at, "day": business_day(showtime.starts_at)},
        )

    @admin.display(description=_("movie"))
    def movie_title(self, showtime: Showtime) -> str:
        _room, *shown_as = badges(showtime, showtime.movie)
        return render_to_string(
            "admin/showtimes/showtime/_movie.html",
            {"movie": showtime.movie, "shown_as": [badge.label for badge in shown_as]},
        )

    @admin.display(description=_("state"))
    def state_mark(self, showtime: Showtime) -> str:
        state = {"name": showtime.state, "label": showtime.get_state_display()}
        return render_to_string("admin/_state.html", state)

    @admin.display(description=_("seats taken"))
    def seats(self, showtime: Showtime) -> str:
        seats = {"taken": showtime.seats_taken, "capacity": showtime.auditorium.capacity}  # type: ignore[attr-defined]
        return render_to_string("admin/_meter.html", seats)

    @admin.display(description=_("free again"))
    def free_again(self, showtime: Showtime) -> str:
        return gettext("%(time)s, with runtime and cleaning") % {
            "time": f"{short_day(showtime.ends_at)}, {clock(showtime.ends_at)}"
        }

    @admin.display(description=_("prices"))
    def price_list(self, showtime: Showtime) -> str:
        return " · ".join(f"{kind.label} {money(showtime.price_of(kind))}" for kind in SeatKind)
