"""The states of a reservation, and every step from one to another."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    HELD = "held", _("held")
    PINNED = "pinned", _("payment under way")
    CONFIRMED = "confirmed", _("confirmed")
    LAPSED = "lapsed", _("lapsed")
    CANCELLED = "cancelled", _("cancelled")


# Every step there is. `lapsed → pinned` is money that came a moment late for seats still free;
# `confirmed → confirmed` is a sale from which some of the seats were given back.
STEPS = {
    (State.HELD, State.PINNED),
    (State.HELD, State.LAPSED),
    (State.HELD, State.CANCELLED),
    (State.PINNED, State.CONFIRMED),
    (State.PINNED, State.CANCELLED),
    (State.CONFIRMED, State.CONFIRMED),
    (State.CONFIRMED, State.CANCELLED),
    (State.LAPSED, State.PINNED),
}
# In these a reservation's claims are live.
CLAIMING = (State.HELD, State.PINNED, State.CONFIRMED)
ENDED = (State.LAPSED, State.CANCELLED)
