"""One payment: a PaymentIntent of Stripe's, or what was paid in another way."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models.refund import Refund


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
        return self.annotate(refunded=amount_of_payment(Refund.objects.owed()))


def amount_of_payment(records: "models.QuerySet[Any, Any]") -> Combinable:
    """In a query of payments: what refunds or entries of each amount to, minor units."""
    of_it = records.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Coalesce(Subquery(of_it.values(sum=Sum("amount"))), Value(0))


class Payment(models.Model):
    """One PaymentIntent of Stripe's, as far as we look at it, or a payment that needs none.

    What is paid for may have several. Nobody need be known as the payer: who pays at the counter
    says no name.
    """

    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name=_("payer"),
    )
    # What is paid for, in the words of whoever asked; Stripe keeps it as metadata.
    reference = models.CharField(_("reference"), max_length=64, db_index=True)
    amount = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    intent_id = models.CharField(_("Stripe’s id"), max_length=100, unique=True, null=True)  # noqa: DJ001 (NULLs repeat)
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
        indexes: ClassVar = [
            models.Index(fields=["status", "looked_at"]),
            models.Index(fields=["created_at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_captured__lte=models.F("amount")),
                name="never_captured_more_than_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

    @property
    def at_stripe(self) -> str:
        """The id of its intent. Only of a payment that has one."""
        assert self.intent_id is not None, f"{self.reference} was not paid through Stripe"
        return self.intent_id

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
