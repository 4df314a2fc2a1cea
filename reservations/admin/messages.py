"""The messages about a booking: which went out when, why not yet, and its tickets once more."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moviereservation.web.admin.read_only import ReadOnly
from reservations import promises
from reservations.models import Reservation, State
from reservations.tickets import emails

MOST_AT_ONCE = 50


class WithMessages(ReadOnly):
    """What looking at a booking allows: also the box office may send tickets again."""

    @admin.action(description=_("Send the tickets again"), permissions=["view"])
    def send_tickets_again(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> None:
        sent = 0
        for reservation in queryset.filter(state=State.CONFIRMED)[:MOST_AT_ONCE]:
            if promises.tickets_again(reservation, now=timezone.now()):
                self.log_change(request, reservation, gettext("Tickets sent again."))
                sent += 1
        answer = ngettext(
            "The tickets of %(n)s booking are on their way again.",
            "The tickets of %(n)s bookings are on their way again.",
            sent,
        )
        level = messages.SUCCESS if sent else messages.WARNING
        self.message_user(request, answer % {"n": sent}, level)

    @admin.display(description=_("messages"))
    def outgoing_messages(self, reservation: Reservation) -> str:
        template = "admin/reservations/reservation/_messages.html"
        rows = [
            (message, emails.NAMES.get(message.kind, message.kind))
            for message in promises.messages_about(reservation)
        ]
        return render_to_string(template, {"rows": rows})
