"""What Stripe told us."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
        indexes: ClassVar = [
            models.Index(fields=["handled_at", "received_at"]),
            models.Index(fields=["intent_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
