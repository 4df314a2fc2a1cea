"""Bookings: everything is seen; they can only be cancelled, which pays back."""

import time
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from moviereservation.web.admin.read_only import ReadOnlyInline
from payments.admin import state_mark
from payments.errors import PaymentRefused
from reservations import checkout
from reservations.admin.days import ShowtimeDayFilter
from reservations.admin.messages import WithMessages
from reservations.checkout.showtime_cancellation import PATIENCE_SECONDS
from reservations.errors import BookingRefused, StateMoved
from reservations.models import CLAIMING, Reservation, ReservedSeat, StateChange
from showtimes.formats import clock, money, short_day, when

MOST_AT_ONCE = 50


class SeatInline(ReadOnlyInline):
    model = ReservedSeat
    verbose_name_plural = _("seats")
    fields = ("label", "kind", "amount", "standing", "admitted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReservedSeat]:
        claims = ReservedSeat.objects.in_order()
        return claims.select_related("seat", "reservation")

    @admin.display(description=_("seat"))
    def label(self, claim: ReservedSeat) -> str:
        return claim.label

    @admin.display(description=_("kind"))
    def kind(self, claim: ReservedSeat) -> str:
        return claim.seat.get_kind_display()

    @admin.display(description=_("price"))
    def amount(self, claim: ReservedSeat) -> str:
        return money(claim.price, claim.reservation.currency)

    @admin.display(description=_("seat is"))
    def standing(self, claim: ReservedSeat) -> str:
        if claim.returned_at is not None:
            return gettext("given back %(when)s") % {"when": when(claim.returned_at)}
        return gettext("taken") if claim.live else gettext("free again")


class HistoryInline(ReadOnlyInline):
    model = StateChange
    verbose_name_plural = _("history")
    fields = ("at", "step", "by")
    readonly_fields = fields

    @admin.display(description=_("from → to"))
    def step(self, change: StateChange) -> str:
        return f"{change.get_from_state_display()} → {change.get_to_state_display()}"


@admin.register(Reservation)
class ReservationAdmin(WithMessages):
    list_display = ("reference", "state_name", "guest_name", "showing", "seat_labels", "money",
                    "refund")  # fmt: skip
    list_filter = ("state", ShowtimeDayFilter, "created_at")
    search_fields = ("^reference", "^guest__email", "^guest__name", "^payment__intent_id")
    search_help_text = _(
        "The beginning of a reference, of a guest’s e-mail or name, of Stripe’s id."
    )
    ordering = ("-pk",)
    actions = ("send_tickets_again", "cancel_and_refund")
    inlines = (SeatInline, HistoryInline)
    view_on_site = False
    fieldsets = (
        (None, {"fields": ("reference", "state_name", "guest_name", "showtime_link")}),
        (_("Money"), {"fields": ("money", "payment_link", "refunds")}),
        (_("Times"), {"fields": (
            "created_at", "held_until", "confirmed_at", "cancellable_until", "ended_at",
        )}),
        (_("Messages"), {"fields": ("outgoing_messages",)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        return Reservation.objects.shown_to_guests().select_related(
            "guest", "showtime__movie", "showtime__auditorium", "payment"
        )

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("reservations.change_reservation")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"may_cancel": self.has_cancel_permission(request)} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    @admin.action(description=_("Cancel and refund …"), permissions=["cancel"])
    def cancel_and_refund(
        self, request: HttpRequest, queryset: QuerySet[Reservation]
    ) -> HttpResponse | None:
        standing = list(queryset.filter(state__in=CLAIMING)[: MOST_AT_ONCE + 1])
        if not standing:
            message = gettext("There is nothing left to cancel.")
            self.message_user(request, message, messages.WARNING)
            return None
        if len(standing) > MOST_AT_ONCE:
            message = gettext("Cancel %(most)s at a time at most, or the whole showtime.")
            self.message_user(request, message % {"most": MOST_AT_ONCE}, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self._ask(request, standing)
        self._cancel_all(request, standing)
        return None

    def _ask(self, request: HttpRequest, standing: list[Reservation]) -> HttpResponse:
        now = timezone.now()
        paid = [
            booking for booking in standing if booking.is_confirmed and booking.payment is not None
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Cancel this booking?", "Cancel these bookings?", len(standing)),
            "opts": self.opts,
            "reservations": standing,
            "refunds": len(paid),
            "amount": sum(booking.amount for booking in paid),
            "late": [booking for booking in standing if not booking.can_be_cancelled(now=now)],
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/reservations/reservation/cancel.html", context)

    def _cancel_all(self, request: HttpRequest, standing: list[Reservation]) -> None:
        until, cancelled = time.monotonic() + PATIENCE_SECONDS, 0
        for looked_at, reservation in enumerate(standing):
            if time.monotonic() > until:
                left = len(standing) - looked_at
                message = ngettext(
                    "Stripe is slow: %(n)s booking was left as it is.",
                    "Stripe is slow: %(n)s bookings were left as they are.",
                    left,
                )
                self.message_user(request, message % {"n": left}, messages.WARNING)
                break
            cancelled += self._cancel(request, reservation)
        if cancelled:
            message = ngettext(
                "%(n)s booking was cancelled.", "%(n)s bookings were cancelled.", cancelled
            )
            self.message_user(request, message % {"n": cancelled}, messages.SUCCESS)

    def _cancel(self, request: HttpRequest, reservation: Reservation) -> bool:
        # Outside of any transaction: Stripe is asked, and the rules open their own.
        late_too = "despite_cutoff" in request.POST
        by = Actor.staff(request.user.pk)
        try:
            checkout.cancel(reservation, now=timezone.now(), by=by, despite_cutoff=late_too)
        except (BookingRefused, PaymentRefused) as refused:
            self.message_user(request, f"{reservation.reference}: {refused}", messages.ERROR)
            return False
        except StateMoved:
            message = gettext("%(reference)s has just changed. Please look again.")
            self.message_user(request, message % {"reference": reservation}, messages.ERROR)
            return False
        self.log_change(request, reservation, gettext("Cancelled."))
        return True

    @admin.display(description=_("guest"))
    def guest_name(self, reservation: Reservation) -> str:
        guest = reservation.guest
        return format_html("{}<br>{}", guest.name, guest.email) if guest else gettext("no account")

    @admin.display(description=_("showtime"))
    def showing(self, reservation: Reservation) -> str:
        showtime = reservation.showtime
        return f"{showtime.movie}, {short_day(showtime.starts_at)}, {clock(showtime.starts_at)}"

    @admin.display(description=_("showtime"))
    def showtime_link(self, reservation: Reservation) -> str:
        words = f"{self.showing(reservation)}, {reservation.showtime.auditorium}"
        return _link("showtimes_showtime", reservation.showtime_id, words)

    @admin.display(description=_("seats"))
    def seat_labels(self, reservation: Reservation) -> str:
        return ", ".join(reservation.labels)

    @admin.display(description=_("amount"))
    def money(self, reservation: Reservation) -> str:
        return money(reservation.amount, reservation.currency)

    @admin.display(description=_("state"))
    def state_name(self, reservation: Reservation) -> str:
        return state_mark(reservation.state, reservation.get_state_display())

    @admin.display(description=_("refund"))
    def refund(self, reservation: Reservation) -> str:
        paid_back = list(reservation.payment.refunds.all()) if reservation.payment else []
        if not paid_back:
            return ""
        return state_mark(paid_back[-1].status, paid_back[-1].get_status_display())

    @admin.display(description=_("payment"))
    def payment_link(self, reservation: Reservation) -> str:
        payment = reservation.payment
        if payment is None:
            return gettext("none")
        return _link("payments_payment", payment.pk, payment.get_status_display())

    @admin.display(description=_("refunds"))
    def refunds(self, reservation: Reservation) -> str:
        rows = reservation.payment.refunds.all() if reservation.payment else ()
        template = "admin/reservations/reservation/_refunds.html"
        return render_to_string(template, {"refunds": rows, "currency": reservation.currency})


def _link(page: str, key: int, words: str) -> str:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[key]), words)
