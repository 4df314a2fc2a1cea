"""The back office: Django's admin, as it is set up for a cinema."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.staff import StaffLogInForm
from moviereservation.back_office import today
from moviereservation.business_day import business_day

ROOMS = ("showtimes", "reservations", "movies", "payments", "accounts", "auth")


class BackOffice(AdminSite):
    index_title = _("Today")
    login_form = StaffLogInForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Whatever is deleted here is looked at first, one by one.
        self.disable_action("delete_selected")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        rooms = super().get_app_list(request, app_label)
        place = {label: number for number, label in enumerate(ROOMS)}
        return sorted(rooms, key=lambda room: place.get(room["app_label"], len(ROOMS)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        now = timezone.now()
        seen = {"day": business_day(now), "troubles": today.troubles(request.user, now=now)}
        if request.user.has_perm("showtimes.view_showtime"):
            seen["showtimes"] = today.showtimes(now=now)
        return super().index(request, seen | (extra_context or {}))
