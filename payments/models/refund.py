"""What goes back, and how far it has come."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
        "payments.Payment", models.PROTECT, related_name="refunds", verbose_name=_("payment")
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
        indexes: ClassVar = [
            models.Index(fields=["status", "tried_at"]),
            models.Index(fields=["reason"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
