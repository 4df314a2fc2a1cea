"""Money in the back office: everything is seen, nothing is typed. Stripe's record is the truth."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moviereservation.web.admin.read_only import ReadOnly, ReadOnlyInline
from payments import refunds
from payments.errors import StripeUnavailable
from payments.ledger import NAMES
from payments.models import Kind, LedgerEntry, Payment, Refund, RefundStatus, WebhookEvent


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("money", "reason", "state", "attempts", "tried_at", "failure_reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        return super().get_queryset(request).select_related("payment")

    @admin.display(description=_("amount"))
    def money(self, refund: Refund) -> str:
        return money(refund.amount, refund.payment.currency)

    @admin.display(description=_("status"))
    def state(self, refund: Refund) -> str:
        return state_mark(refund.status, refund.get_status_display())


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    list_display = ("reference", "state", "payer", "asked", "captured", "refunded", "created_at")
    list_filter = ("status", "created_at")
    search_fields = ("^reference", "^intent_id", "^payer__email", "^payer__name")
    search_help_text = _(
        "The beginning of a reference, of Stripe’s id, of the payer’s e-mail or name."
    )
    ordering = ("-pk",)
    inlines = (RefundInline,)
    fieldsets = (
        (None, {"fields": ("reference", "payer", "state", "last_error")}),
        (_("Money"), {"fields": ("asked", "captured", "refunded")}),
        (_("At Stripe"), {"fields": ("intent_id", "livemode", "created_at", "looked_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        payments = super().get_queryset(request).select_related("payer")
        return payments.prefetch_related("refunds")

    @admin.display(description=_("asked"))
    def asked(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @admin.display(description=_("captured"))
    def captured(self, payment: Payment) -> str:
        return money(payment.amount_captured, payment.currency)

    @admin.display(description=_("refunded"))
    def refunded(self, payment: Payment) -> str:
        """Promised and paid alike, as `Payment.amount_refunded` counts."""
        undone = (RefundStatus.FAILED, RefundStatus.CANCELED)
        owed = sum(refund.amount for refund in payment.refunds.all() if refund.status not in undone)
        return money(owed, payment.currency) if owed else ""

    @admin.display(description=_("status"))
    def state(self, payment: Payment) -> str:
        return state_mark(payment.status, payment.get_status_display())


@admin.register(Refund)
class RefundAdmin(ReadOnly):
    list_display = ("reference", "state", "money", "reason", "failure_reason", "attempts",
                    "created_at")  # fmt: skip
    list_filter = ("status", "reason", "created_at")
    search_fields = ("^payment__reference", "^refund_id", "^payment__payer__email")
    search_help_text = _("The beginning of a reference, of Stripe’s id, of the payer’s e-mail.")
    ordering = ("-pk",)
    list_select_related = ("payment",)
    actions = ("try_again",)
    fields = ("payment", "money", "reason", "state", "failure_reason", "attempts", "created_at",
              "tried_at", "refund_id", "key")  # fmt: skip

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_refund")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        now, tried = timezone.now(), list[Refund]()
        for refund in queryset.exclude(status=RefundStatus.SUCCEEDED).order_by("pk"):
            try:
                tried.append(refunds.try_again(refund, now=now))
            except StripeUnavailable:
                self.message_user(
                    request,
                    gettext("Stripe does not answer. What is due is tried again by itself."),
                    messages.WARNING,
                )
                break
        self._report(request, tried)

    def _report(self, request: HttpRequest, tried: list[Refund]) -> None:
        for refund in tried:
            self.log_change(request, refund, gettext("Tried again."))
        failed = [refund for refund in tried if refund.status == RefundStatus.FAILED]
        if done := len(tried) - len(failed):
            text = ngettext("%(n)s refund is on its way.", "%(n)s refunds are on their way.", done)
            self.message_user(request, text % {"n": done}, messages.SUCCESS)
        for refund in failed:
            text = gettext("%(reference)s was refused again: %(why)s")
            why = {"reference": refund.payment.reference, "why": refund.failure_reason}
            self.message_user(request, text % why, messages.ERROR)

    @admin.display(description=_("reference"))
    def reference(self, refund: Refund) -> str:
        return refund.payment.reference

    @admin.display(description=_("amount"))
    def money(self, refund: Refund) -> str:
        return money(refund.amount, refund.payment.currency)

    @admin.display(description=_("status"))
    def state(self, refund: Refund) -> str:
        return state_mark(refund.status, refund.get_status_display())


class KindFilter(admin.ChoicesFieldListFilter):
    """An act is named after its kind, and the names have an index."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kinds = [kind for kind in self.lookup_val or () if kind in NAMES]
        if kinds:
            queryset = queryset.filter(act__istartswith=f"{NAMES[Kind(kinds[0])]}:")
        return cast("QuerySet[Any]", super().queryset(request, queryset))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly):
    list_display = ("day", "act", "line", "kind", "account", "money", "tax_in_it", "category",
                    "actor", "at")  # fmt: skip
    list_display_links = ("act",)
    list_filter = ("account", ("kind", KindFilter), "day")
    search_fields = ("=subject", "=act")
    search_help_text = _("A booking’s reference, or an act such as sale:7XK2M9QF4T.")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("act", "line", "kind", "subject", "payment")}),
        (_("Money"), {"fields": ("account", "money", "tax_in_it", "tax_rate")}),
        (_("What was sold"), {"fields": ("category", "item")}),
        (_("When"), {"fields": ("day", "at", "actor", "shift")}),
    )

    @admin.display(description=_("amount"))
    def money(self, entry: LedgerEntry) -> str:
        return money(entry.amount, entry.currency)

    @admin.display(description=_("tax"))
    def tax_in_it(self, entry: LedgerEntry) -> str:
        return money(entry.tax, entry.currency) if entry.tax_rate else ""


class Handled(admin.SimpleListFilter):
    title = _("handled")
    parameter_name = "handled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", gettext("Waiting")), ("yes", gettext("Handled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("no", "yes"):
            return queryset.filter(handled_at__isnull=self.value() == "no")
        return queryset


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly):
    list_display = ("type", "event_id", "intent_id", "received_at", "handled_at")
    list_filter = (Handled,)
    search_fields = ("^event_id", "^intent_id")
    search_help_text = _("The beginning of Stripe’s id of the event or of the intent.")
    ordering = ("-pk",)


def money(amount: int, currency: str) -> str:
    """`1600` (minor units) as `$16.00`. The format is the templates': this app knows no page."""
    return render_to_string("admin/_money.html", {"amount": amount, "currency": currency}).strip()


def state_mark(name: str, label: str) -> str:
    return render_to_string("admin/_state.html", {"name": name, "label": label})
