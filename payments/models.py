"""Money: what a guest owes, what came in, what went back. Nothing here knows of seats."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IntentStatus(models.TextChoices):
    """Stripe's own names. https://docs.stripe.com/payments/paymentintents/lifecycle"""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


FINAL = (IntentStatus.SUCCEEDED, IntentStatus.CANCELED)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        """Not yet at its end at Stripe: could still be paid, captured or cancelled."""
        return self.exclude(status__in=FINAL)

    def captured_without_refund(self, *, since: datetime) -> "PaymentQuerySet":
        """Captured, looked at since then, and no refund was ever recorded."""
        captured = self.filter(status=IntentStatus.SUCCEEDED, looked_at__gte=since)
        return captured.filter(~Exists(Refund.objects.filter(payment=OuterRef("pk"))))

    def with_refunded(self) -> "models.QuerySet[Any, Any]":
        """With `refunded`, as `amount_refunded` of each: what was or will be paid back."""
        owed = (
            Refund.objects.owed()
            .filter(payment=OuterRef("pk"))
            .order_by()
            .values("payment")
            .annotate(sum=Sum("amount"))
            .values("sum")
        )
        return self.annotate(refunded=Coalesce(Subquery(owed), Value(0)))


class Payment(models.Model):
    """One PaymentIntent of Stripe's, as far as we look at it."""

    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments", verbose_name=_("payer")
    )
    # What is paid for, in the words of whoever asked; Stripe keeps it as metadata.
    reference = models.CharField(_("reference"), max_length=64, unique=True)
    amount = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    intent_id = models.CharField(_("Stripe’s id"), max_length=100, unique=True)
    client_secret = models.CharField(max_length=200)
    status = models.CharField(
        _("status"),
        max_length=30,
        choices=IntentStatus.choices,
        default=IntentStatus.REQUIRES_PAYMENT_METHOD,
    )
    amount_captured = models.PositiveIntegerField(_("captured"), default=0)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    livemode = models.BooleanField(_("real money"), default=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    looked_at = models.DateTimeField(_("last asked about"), null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes: ClassVar = [models.Index(fields=["status", "looked_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_captured__lte=models.F("amount")),
                name="never_captured_more_than_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def amount_refunded(self) -> int:
        """What was or will be paid back, minor units."""
        return self.refunds.owed().aggregate(sum=Sum("amount"))["sum"] or 0

    @property
    def refundable(self) -> int:
        """What came in and neither went back nor is recorded to, minor units."""
        return self.amount_captured - self.amount_refunded


class RefundStatus(models.TextChoices):
    """`due` is ours: recorded, not yet at Stripe. The others are Stripe's."""

    DUE = "due"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class RefundQuerySet(models.QuerySet["Refund"]):
    def owed(self) -> "RefundQuerySet":
        """Recorded, under way or done; not what Stripe refused."""
        return self.exclude(status__in=(RefundStatus.FAILED, RefundStatus.CANCELED))

    def due(self, *, before: datetime) -> "RefundQuerySet":
        """Recorded, and last tried before this instant."""
        return self.filter(status=RefundStatus.DUE, tried_at__lt=before)

    def unsettled(self, *, before: datetime) -> "RefundQuerySet":
        """At Stripe and not decided yet, last looked at before this instant."""
        under_way = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION)
        return self.filter(status__in=under_way, tried_at__lt=before)


class Refund(models.Model):
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    amount = models.PositiveIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=60)
    status = models.CharField(
        _("status"), max_length=20, choices=RefundStatus.choices, default=RefundStatus.DUE
    )
    key = models.CharField(_("key"), max_length=100, unique=True)
    refund_id = models.CharField(_("Stripe’s id"), max_length=100, unique=True, null=True)  # noqa: DJ001 (NULLs repeat)
    failure_reason = models.CharField(_("failure"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("promised"), default=timezone.now)
    tried_at = models.DateTimeField(_("last tried"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes: ClassVar = [models.Index(fields=["status", "tried_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"


class WebhookEventQuerySet(models.QuerySet["WebhookEvent"]):
    def waiting(self, *, before: datetime) -> "WebhookEventQuerySet":
        """Received before this instant and not handled, the oldest first."""
        return self.filter(handled_at=None, received_at__lt=before).order_by("pk")


class WebhookEvent(models.Model):
    """One message of Stripe's, stored before it is handled: none is handled twice or lost."""

    event_id = models.CharField(_("Stripe’s id"), max_length=100, unique=True)
    type = models.CharField(_("type"), max_length=80)
    intent_id = models.CharField(_("payment"), max_length=100, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled"), null=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        indexes: ClassVar = [models.Index(fields=["handled_at", "received_at"])]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
