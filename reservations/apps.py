from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor


class ReservationsConfig(AppConfig):
    name = "reservations"
    verbose_name = _("Bookings")

    def ready(self) -> None:
        from accounts.personal_data import PARTS
        from accounts.signals import person_leaving
        from payments.signals import payment_changed
        from reservations import (
            checkout,
            lookup,  # noqa: F401 (the worker must know its writer)
        )
        from reservations.seating import occupancy
        from reservations.tickets import emails  # noqa: F401 (and these)
        from reservations.upkeep import (
            audit,  # noqa: F401 (declares its rules)
            personal_data,
        )
        from showtimes.models import Showtime

        def settle(payment: Any, now: Any, by: Actor, **_kwargs: Any) -> None:
            checkout.settle_payment(payment, now=now, by=by)

        def redraw(instance: Showtime, **_kwargs: Any) -> None:
            occupancy.invalidate(instance.pk)

        def cancel_unpaid(person: Any, now: Any, **_kwargs: Any) -> None:
            personal_data.cancel_unpaid(person, now=now)

        PARTS["bookings"] = personal_data.bookings_of
        person_leaving.connect(cancel_unpaid, weak=False, dispatch_uid="end open")
        payment_changed.connect(settle, weak=False, dispatch_uid="settle")
        post_save.connect(redraw, sender=Showtime, weak=False, dispatch_uid="redraw")
