"""What each staff role may do, as Django groups with Django permissions."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from accounts.models import BOX_OFFICE, DOOR, MANAGER

EVERYTHING = ("add", "change", "delete", "view")
MAY: dict[str, dict[str, tuple[str, ...]]] = {
    MANAGER: {
        "movies.movie": EVERYTHING,
        "movies.genre": EVERYTHING,
        "showtimes.auditorium": EVERYTHING,
        "showtimes.seat": ("change", "view"),
        "showtimes.showtime": EVERYTHING,
        "reservations.reservation": ("change", "view"),
        "reservations.reservedseat": ("view",),
        "reservations.statechange": ("view",),
        "payments.payment": ("view",),
        "payments.refund": ("change", "view"),
        "payments.webhookevent": ("view",),
        "payments.ledgerentry": ("view",),
        "accounts.user": ("view",),
        "accounts.outgoingmessage": ("view",),
    },
    BOX_OFFICE: {
        "movies.movie": ("view",),
        "showtimes.showtime": ("view",),
        "reservations.reservation": ("view",),
        "reservations.reservedseat": ("view",),
        "payments.payment": ("view",),
        "payments.refund": ("view",),
    },
    DOOR: {"showtimes.showtime": ("view",), "reservations.reservedseat": ("view",)},
}


def ensure_roles(**_kwargs: Any) -> None:
    """Make the groups and give them what this table says; what an owner added stays."""
    for role, models in MAY.items():
        group, _made = Group.objects.get_or_create(name=role)
        permissions = [
            (app, f"{action}_{model}")
            for name, actions in models.items()
            for app, model in [name.split(".")]
            for action in actions
        ]
        group.permissions.add(
            *Permission.objects.select_related("content_type").filter(
                content_type__app_label__in={app for app, _codename in permissions},
                codename__in={codename for _app, codename in permissions},
            )
        )
