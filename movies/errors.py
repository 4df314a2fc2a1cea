"""What a manager is told when the catalogue says no."""

from django.utils.translation import gettext_lazy as _

from moviereservation.web.refusals import Refusal


class MovieRefused(Refusal):
    status = 409


class RuntimeRefused(MovieRefused):
    """Whoever plans by a movie's runtime refuses another one."""


class MovieHasSales(MovieRefused):
    code = "movie_has_sales"
    words = _("Seats for this movie were booked; it stays in the accounts.")
    meaning = "Seats were booked for it, so it stays in the accounts."
