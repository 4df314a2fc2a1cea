"""The letters of a booking: which went out when, why not yet, and its tickets once more."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moviereservation.web.read_only_admin import ReadOnly
from reservations import promises
from reservations.models import Reservation, State
from reservations.tickets import emails

MOST_AT_ONCE = 50


class WithLetters(ReadOnly):
    """What looking at a booking allows: also the box office may send tickets again."""

    @admin.action(description=_("Send the tickets again"), permissions=["view"])
    def send_tickets_again(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> None:
        sent = 0
        for reservation in queryset.filter(state=State.CONFIRMED)[:MOST_AT_ONCE]:
            if promises.tickets_again(reservation, now=timezone.now()):
                self.log_change(request, reservation, gettext("Tickets sent again."))
                sent += 1
        said = ngettext(
            "The tickets of %(n)s booking are on their way again.",
            "The tickets of %(n)s bookings are on their way again.",
            sent,
        )
        level = messages.SUCCESS if sent else messages.WARNING
        self.message_user(request, said % {"n": sent}, level)

    @admin.display(description=_("letters"))
    def letters(self, reservation: Reservation) -> str:
        template = "admin/reservations/reservation/_letters.html"
        letters = [
            (letter, emails.NAMES.get(letter.kind, letter.kind))
            for letter in promises.letters_about(reservation)
        ]
        return render_to_string(template, {"letters": letters})
