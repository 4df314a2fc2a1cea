"""The audit's rules of money: what came in, and what goes back."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moviereservation.db import append_only
from moviereservation.db.audit_rules import REPORT_IT, STUCK_AFTER, invariant, trouble
from payments.models import (
    Account,
    LedgerEntry,
    Payment,
    Refund,
    RefundQuerySet,
    RefundStatus,
    WebhookEvent,
    WebhookEventQuerySet,
    amount_of_payment,
)

COMPARE = _("Compare with Stripe’s books: manage.py audit --stripe-days 30 names the differences.")
LOOK_WHY = _("Look whether Stripe answers and housekeeping runs: it goes on by itself then.")


@invariant("5 no more is paid back than came in", to_do=COMPARE)
def refunded_too_much(now: datetime) -> QuerySet[Any, Any]:
    return Payment.objects.with_refunded().filter(refunded__gt=F("amount_captured"))


@invariant("6b no reservation has two intents", to_do=COMPARE)
def intents_beside(now: datetime) -> QuerySet[Any, Any]:
    """More than one intent that was made for one reservation; it may have other payments."""
    return (
        Payment.objects.exclude(intent_id=None)
        .values("reference")
        .annotate(payments=Count("pk"))
        .filter(payments__gt=1)
        .order_by()
    )


@invariant(
    "9b no refund waits for longer than ten minutes",
    to_do=LOOK_WHY,
    words=ngettext_lazy(
        "%(n)s refund is due for more than ten minutes",
        "%(n)s refunds are due for more than ten minutes",
        "n",
    ),
    permission="payments.view_refund",
    address="payments_refund_changelist?status__exact=due",
)
def stuck_refunds(now: datetime) -> RefundQuerySet:
    return Refund.objects.filter(status=RefundStatus.DUE, created_at__lt=now - STUCK_AFTER)


@invariant(
    "9c no refund was refused",
    to_do=_("Try it again in the list of refunds, or pay the guest back in another way."),
    words=ngettext_lazy("%(n)s refund failed", "%(n)s refunds failed", "n"),
    permission="payments.view_refund",
    address="payments_refund_changelist?status__in=failed,canceled",
)
def failed_refunds(now: datetime) -> RefundQuerySet:
    """Money that a guest was promised and that Stripe would not pay back."""
    return Refund.objects.filter(status__in=(RefundStatus.FAILED, RefundStatus.CANCELED))


@invariant("12a every act of the ledger adds up to zero", to_do=REPORT_IT)
def unbalanced_acts(now: datetime) -> QuerySet[Any, Any]:
    acts = LedgerEntry.objects.values("act").annotate(left=Sum("amount"))
    return acts.exclude(left=0).order_by()


@invariant("12d the ledger owes what was not paid back yet", to_do=COMPARE)
def owed_otherwise(now: datetime) -> QuerySet[Any, Any]:
    """What Stripe refused is owed until it is paid in another way: then it is owed no more."""
    unpaid = Refund.objects.exclude(status=RefundStatus.SUCCEEDED)
    return Payment.objects.annotate(
        owed=-amount_of_payment(LedgerEntry.objects.on(Account.OWED)),
        least=amount_of_payment(unpaid.owed()),
        most=amount_of_payment(unpaid),
    ).exclude(owed__gte=F("least"), owed__lte=F("most"))


@invariant(
    "12e the ledger refuses changes",
    to_do=_("Run manage.py migrate, and look who changed the database: its triggers are missing."),
)
def unprotected_ledger(now: datetime) -> list[str]:
    """The triggers that are missing. On SQLite a change of the table may have dropped them."""
    return append_only.missing(connection, LedgerEntry._meta.db_table)


@trouble(
    "messages of Stripe's wait",
    to_do=LOOK_WHY,
    words=ngettext_lazy(
        "%(n)s message of Stripe’s waits to be handled",
        "%(n)s messages of Stripe’s wait to be handled",
        "n",
    ),
    permission="payments.view_webhookevent",
    address="payments_webhookevent_changelist?handled=no",
)
def unhandled_events(now: datetime) -> WebhookEventQuerySet:
    return WebhookEvent.objects.waiting(before=now - STUCK_AFTER)
