"""Showtimes once people may have booked them: what stands, and cancelling with refunds."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from reservations.checkout import showtime_cancellation
from reservations.models import Reservation
from showtimes.admin import ShowtimeAdmin
from showtimes.admin.showtimes import FIXED
from showtimes.models import Showtime, ShowtimeState

MOST_AT_ONCE = 20


class BookedShowtimeAdmin(ShowtimeAdmin):
    actions = (*ShowtimeAdmin.actions, "cancel_showtimes")

    def why_fixed(self, showtime: Showtime) -> str:
        if why := super().why_fixed(showtime):
            return why
        if "is_booked" not in showtime.__dict__:
            booked = showtime_cancellation.is_booked(showtime, now=timezone.now())
            showtime.__dict__["is_booked"] = booked
        if showtime.__dict__["is_booked"]:
            return gettext(
                "Seats are booked, so movie, auditorium and start stand. Cancelling it pays "
                "everybody back."
            )
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Showtime | None = None) -> bool:
        if obj is not None and Reservation.objects.filter(showtime=obj).exists():
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Showtime, form: Any, change: bool) -> None:
        if change and form.changed_columns.intersection(FIXED):
            showtime_cancellation.refuse_if_booked(obj, now=timezone.now())
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Cancel showtime …"), permissions=["change"])
    def cancel_showtimes(
        self, request: HttpRequest, queryset: QuerySet[Showtime]
    ) -> HttpResponse | None:
        standing = list(queryset.exclude(state=ShowtimeState.CANCELLED)[: MOST_AT_ONCE + 1])
        if not standing:
            self.message_user(request, gettext("It is cancelled already."), messages.WARNING)
            return None
        if len(standing) > MOST_AT_ONCE:
            message = gettext("Cancel %(most)s at a time at most.") % {"most": MOST_AT_ONCE}
            self.message_user(request, message, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self._ask(request, standing)
        patience = showtime_cancellation.PATIENCE_SECONDS / len(standing)
        for showtime in standing:
            self._cancel_showtime(request, showtime, patience)
        return None

    def _ask(self, request: HttpRequest, standing: list[Showtime]) -> HttpResponse:
        impacts = showtime_cancellation.cancellation_impacts(standing)
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Cancel this showtime?", "Cancel these showtimes?", len(standing)),
            "opts": self.opts,
            "impacts": impacts,
            "bookings": sum(impact.bookings for impact in impacts),
            "refunds": sum(impact.refunds for impact in impacts),
            "amount": sum(impact.amount for impact in impacts),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/showtimes/showtime/cancel.html", context)

    def _cancel_showtime(self, request: HttpRequest, showtime: Showtime, patience: float) -> None:
        # Each reservation in a transaction of its own, and Stripe outside of all: an action is
        # not wrapped in one, unlike the admin's forms.
        by = Actor.staff(request.user.pk)
        done = showtime_cancellation.cancel_showtime(
            showtime, now=timezone.now(), by=by, patience=patience
        )
        self.log_change(request, showtime, gettext("Cancelled."))
        message = ngettext(
            "%(showtime)s was cancelled, with %(n)s booking.",
            "%(showtime)s was cancelled, with %(n)s bookings.",
            done.cancelled,
        )
        self.message_user(
            request, message % {"showtime": showtime, "n": done.cancelled}, messages.SUCCESS
        )
        if done.waiting:
            message = ngettext(
                "%(n)s booking is still being cancelled. That finishes by itself.",
                "%(n)s bookings are still being cancelled. That finishes by itself.",
                done.waiting,
            )
            self.message_user(request, message % {"n": done.waiting}, messages.WARNING)


admin.site.unregister(Showtime)
admin.site.register(Showtime, BookedShowtimeAdmin)
