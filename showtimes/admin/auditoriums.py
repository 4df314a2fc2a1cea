"""Auditoriums: the seat plan is typed as text, seen as a drawing, and saved through the rules."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moviereservation.web.forms import RefusedNextToField
from movies.admin import RefusableDeletion
from showtimes import seat_plan
from showtimes.admin.drawing import drawn
from showtimes.admin.forms import AuditoriumForm, labels_in
from showtimes.errors import BadSeatPlan, SchedulingRefused
from showtimes.models import Auditorium
from showtimes.seat_plan import repairs

DRAWING = "admin/showtimes/auditorium/_drawing.html"


@admin.register(Auditorium)
class AuditoriumAdmin(RefusedNextToField, RefusableDeletion):
    refusals = (SchedulingRefused,)
    form = AuditoriumForm
    field_in_doubt = "plan"
    still_used = _("There are showtimes in it, so it stays.")
    list_display = ("name", "capacity")
    search_fields = ("name",)
    show_full_result_count = False
    readonly_fields = ("capacity", "drawing")
    fieldsets = (
        (None, {"fields": ("name", "access_notes")}),
        (_("Seats"), {"fields": ("plan", "drawing", "out_of_order", "capacity")}),
    )

    class Media:
        js = ("admin-seat-plan.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Auditorium]:
        rooms = super().get_queryset(request)
        # A list needs no plan; the page of one does.
        is_list = getattr(request.resolver_match, "url_name", "").endswith("_changelist")
        return rooms.defer("plan") if is_list else rooms

    def get_urls(self) -> list[URLPattern]:
        draw = path(
            "drawing/",
            self.admin_site.admin_view(require_POST(self.draw)),
            name="showtimes_auditorium_drawing",
        )
        return [draw, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Auditorium, form: Any, change: bool) -> None:
        changed = set(form.changed_data)
        if change:
            # Only what was typed: the counters beside it move on while a form is open.
            obj.save(update_fields=changed - {"out_of_order"})
        else:
            super().save_model(request, obj, form, change)
        if not change or "plan" in changed:
            seat_plan.apply_plan(obj)
        if "out_of_order" in changed:
            repairs.set_out_of_order(obj, form.cleaned_data["out_of_order"])

    def draw(self, request: HttpRequest) -> HttpResponse:
        """What the typed plan would look like, or what is wrong with it; saves nothing."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        grid, labels = request.POST.get("plan", ""), request.POST.get("out_of_order", "")
        return render(request, DRAWING, _drawing(grid, labels))

    @admin.display(description=_("as seen from above"))
    def drawing(self, auditorium: Auditorium) -> SafeString:
        broken = ""
        if auditorium.pk:
            seats = auditorium.seats.filter(out_of_order=True)
            broken = " ".join(seat.label for seat in seats)
        picture = render_to_string(DRAWING, _drawing(auditorium.plan, broken))
        return format_html('<div class="seat-drawing" aria-live="polite">{}</div>', picture)


def _drawing(grid: str, broken: str) -> dict[str, Any]:
    if not grid.strip():
        return {}
    try:
        return {"drawing": drawn(seat_plan.read(grid), set(labels_in(broken)))}
    except BadSeatPlan as refused:
        return {"refusal": str(refused)}
