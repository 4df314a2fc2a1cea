"""What a manager is told when the catalogue says no."""

from typing import Any

from django.utils.translation import gettext as _


class MovieRefused(Exception):
    """A refusal with a sentence for people, a stable `code` and an HTTP status."""

    code = "movie_refused"
    status = 409

    @property
    def extra(self) -> dict[str, Any]:
        return {}


class MovieHasSales(MovieRefused):
    code = "movie_has_sales"

    def __init__(self) -> None:
        super().__init__(_("Seats for this movie were booked; it stays in the accounts."))
