"""What happened to a reservation, line by line."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from reservations.models.states import State


class StateChange(models.Model):
    """One line of a reservation's history. Lines are added, never changed."""

    reservation = models.ForeignKey(
        "reservations.Reservation", models.CASCADE, related_name="history"
    )
    from_state = models.CharField(max_length=10, choices=State.choices)
    to_state = models.CharField(max_length=10, choices=State.choices)
    at = models.DateTimeField(_("when"))
    by = models.CharField(_("by"), max_length=100)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("change")
        verbose_name_plural = _("history")

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
