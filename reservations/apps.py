from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class ReservationsConfig(AppConfig):
    name = "reservations"
    verbose_name = "Bookings"

    def ready(self) -> None:
        from payments.signals import payment_changed
        from reservations import checkout, occupancy
        from showtimes.models import Showtime

        def settle(payment: Any, now: Any, by: str, **_kwargs: Any) -> None:
            checkout.settle_payment(payment, now=now, by=by)

        def redraw(instance: Showtime, **_kwargs: Any) -> None:
            occupancy.forget(instance.pk)

        payment_changed.connect(settle, weak=False, dispatch_uid="settle")
        post_save.connect(redraw, sender=Showtime, weak=False, dispatch_uid="redraw")
