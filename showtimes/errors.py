"""What a manager is told when the schedule says no."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from moviereservation.web.general import Invalid
from moviereservation.web.refusals import Refusal
from movies.errors import RuntimeRefused


class SchedulingRefused(Refusal):
    """`field` is what it is about, where that is one field."""

    status = 400
    field = ""

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {self.field: [str(self)]}} if self.field else {}


class AuditoriumBusy(SchedulingRefused):
    code = "auditorium_busy"
    status = 409
    words = _("%(auditorium)s is taken by “%(movie)s” from %(start)s to %(end)s.")
    meaning = "The auditorium is taken then. `clash` names movie, start and end."

    def __init__(self, auditorium: str, movie: str, starts_at: datetime, ends_at: datetime) -> None:
        start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
        self.clash = {"movie": movie, "startsAt": start.isoformat(), "endsAt": end.isoformat()}
        super().__init__(
            auditorium=auditorium,
            movie=movie,
            start=date_format(start, "SHORT_DATETIME_FORMAT"),
            end=date_format(end, "TIME_FORMAT"),
        )

    @property
    def extra(self) -> dict[str, Any]:
        return {"clash": self.clash}


class RunsIntoTheNext(RuntimeRefused, variant_of=AuditoriumBusy):
    """Another runtime of a movie does not fit between what is planned."""

    words = _(
        "The showtime of %(start)s would not be over in time: %(busy)s Move one of them first."
    )
    field = "runtime_minutes"

    def __init__(self, starts_at: datetime, busy: AuditoriumBusy) -> None:
        self.clash = busy.clash
        start = date_format(timezone.localtime(starts_at), "SHORT_DATETIME_FORMAT")
        super().__init__(start=start, busy=busy)

    @property
    def extra(self) -> dict[str, Any]:
        return {"clash": self.clash, "errors": {"runtimeMinutes": [str(self)]}}


class NonexistentTime(SchedulingRefused):
    code = "imaginary_time"
    words = _("The clocks are put forward over %(time)s: there is no such time that day.")
    meaning = "The clocks are put forward over this time: it does not exist that day."

    def __init__(self, field: str, local: datetime) -> None:
        self.field = field
        super().__init__(time=date_format(local, "SHORT_DATETIME_FORMAT"))


class PastTime(SchedulingRefused):
    code = "past_time"
    words = _("This start is in the past.")
    meaning = "The start is in the past."

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__()


class TooFarAhead(SchedulingRefused):
    code = "too_far_ahead"
    words = _("Showtimes are planned %(days)s days ahead at most.")
    meaning = "Showtimes are planned a year ahead at most."

    def __init__(self, field: str, days: int) -> None:
        self.field = field
        super().__init__(days=days)


class BadPrice(SchedulingRefused, variant_of=Invalid):
    """Raised with its sentence."""

    field = "prices"


class BadSeatPlan(SchedulingRefused):
    """Raised with its sentence."""

    code = "bad_seat_plan"
    meaning = "The text grid is no seat plan. The sentence names the line."
    field = "plan"


class SeatsInUse(SchedulingRefused):
    code = "seats_in_use"
    status = 409
    words = _("Seats that were booked cannot leave the plan: %(labels)s.")
    meaning = "Seats that were booked cannot leave the plan."
    field = "plan"

    def __init__(self, labels: list[str]) -> None:
        super().__init__(labels=", ".join(labels[:12]))


class ShowtimeCancelled(SchedulingRefused):
    code = "showtime_cancelled"
    status = 409
    words = _("This showtime was cancelled, and that is final.")
    meaning = "The showtime was cancelled, and that is final."


class ShowtimeBooked(SchedulingRefused):
    code = "showtime_booked"
    status = 409
    words = _("Seats were booked meanwhile: movie, auditorium, start and state stand now.")
    meaning = "Seats are booked, so movie, auditorium, start and state stand."
