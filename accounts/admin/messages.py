"""Outgoing messages in the back office: which went out when, why not yet, and trying again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from accounts.models import OutgoingMessage, OutgoingMessageQuerySet
from moviereservation.web.admin.read_only import ReadOnly

MOST_AT_ONCE = 500
STANDINGS = {
    "waiting": _("not sent yet"),
    "sent": _("sent"),
    "given_up": _("given up"),
}
# The states of other records that look alike.
MARKS = {"waiting": "due", "sent": "succeeded", "given_up": "failed"}


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, label in STANDINGS.items()]

    def queryset(  # type: ignore[override]
        self, request: HttpRequest, queryset: OutgoingMessageQuerySet
    ) -> OutgoingMessageQuerySet:
        if self.value() == "waiting":
            return queryset.waiting()
        if self.value() == "sent":
            return queryset.exclude(sent_at=None)
        return queryset.given_up() if self.value() == "given_up" else queryset


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnly):
    list_display = ("key", "kind", "standing", "posted_at", "sent_at", "tries", "last_error")
    list_filter = (StandingFilter,)
    fields = (*list_display, "due_at", "good_until", "given_up_at", "language")
    search_fields = ("^key",)
    search_help_text = _("The beginning of a booking’s reference, or a kind of message.")
    ordering = ("-pk",)
    actions = ("try_again",)

    @admin.display(description=_("state"))
    def standing(self, message: OutgoingMessage) -> str:
        state = {"name": MARKS[message.standing], "label": STANDINGS[message.standing]}
        return render_to_string("admin/_state.html", state)

    @admin.action(description=_("Try again now"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMessage]) -> None:
        tried = outbox.try_again(queryset.order_by("pk")[:MOST_AT_ONCE], now=timezone.now())
        answer = ngettext("%(n)s message is tried again.", "%(n)s messages are tried again.", tried)
        if not tried:
            answer = gettext("All of them were sent.")
        self.message_user(request, answer % {"n": tried}, messages.SUCCESS)
