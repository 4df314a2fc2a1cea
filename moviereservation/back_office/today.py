"""What somebody who opens the back office should see first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Letter, User
from payments.models import Refund, RefundStatus, WebhookEvent
from reservations.models import Reservation, State
from showtimes.business_day import bounds, business_day
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme.listing import listed

# Housekeeping needs seconds: what waits for so long waits for a person.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not go right by itself, in words, and where to see it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Tonight:
    """A showtime of today; `taken` of `capacity` seats are sold or held."""

    showtime: Showtime
    taken: int
    capacity: int


def showtimes(*, now: datetime) -> list[Tonight]:
    """Everything of this business day but what was cancelled, in the order of the start."""
    rows = (
        Showtime.objects.starting_between(*bounds(business_day(now)))
        .exclude(state=ShowtimeState.CANCELLED)
        .with_auditorium()
        .select_related("movie")
        .order_by("starts_at", "auditorium__name")
    )
    return [
        Tonight(one.showtime, one.capacity - one.seats_available, one.capacity)
        for one in listed(rows, now=now)
    ]


def troubles(user: User | AnonymousUser, *, now: datetime) -> list[Trouble]:
    """Of what this person may look at; nothing is good news."""
    late = now - PATIENCE
    found: list[tuple[str, QuerySet[Any], Any, str]] = [
        ("payments.view_refund", Refund.objects.filter(status=RefundStatus.FAILED), _failed,
         reverse("admin:payments_refund_changelist") + "?status__exact=failed"),
        ("payments.view_refund",
         Refund.objects.filter(status=RefundStatus.DUE, created_at__lt=late), _due,
         reverse("admin:payments_refund_changelist") + "?status__exact=due"),
        ("reservations.view_reservation",
         Reservation.objects.filter(state=State.PINNED, created_at__lt=late), _pinned,
         reverse("admin:reservations_reservation_changelist") + "?state__exact=pinned"),
        ("payments.view_webhookevent", WebhookEvent.objects.waiting(before=late), _unhandled,
         reverse("admin:payments_webhookevent_changelist") + "?handled=no"),
        ("accounts.view_letter", Letter.objects.waiting().filter(posted_at__lt=late), _unsent,
         reverse("admin:accounts_letter_changelist") + "?standing=waiting"),
        ("showtimes.change_showtime",
         Showtime.objects.filter(state=ShowtimeState.DRAFT).starting_between(
             now, now + timedelta(days=1)), _drafts,
         reverse("admin:showtimes_showtime_changelist") + "?state__exact=draft"),
    ]  # fmt: skip
    return [
        Trouble(words(count) % {"n": count}, url)
        for permission, rows, words, url in found
        if user.has_perm(permission) and (count := rows.count())
    ]


def _failed(n: int) -> str:
    return ngettext("%(n)s refund failed", "%(n)s refunds failed", n)


def _due(n: int) -> str:
    return ngettext(
        "%(n)s refund is due for more than ten minutes",
        "%(n)s refunds are due for more than ten minutes",
        n,
    )


def _pinned(n: int) -> str:
    return ngettext(
        "%(n)s payment is under way for more than ten minutes",
        "%(n)s payments are under way for more than ten minutes",
        n,
    )


def _unhandled(n: int) -> str:
    return ngettext(
        "%(n)s message of Stripe’s waits to be handled",
        "%(n)s messages of Stripe’s wait to be handled",
        n,
    )


def _unsent(n: int) -> str:
    return ngettext(
        "%(n)s letter waits for the mail server for more than ten minutes",
        "%(n)s letters wait for the mail server for more than ten minutes",
        n,
    )


def _drafts(n: int) -> str:
    return ngettext(
        "%(n)s draft starts within a day and is not on sale",
        "%(n)s drafts start within a day and are not on sale",
        n,
    )
