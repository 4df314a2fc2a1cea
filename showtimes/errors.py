"""What a manager is told when the schedule says no."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from movies.errors import MovieRefused


class SchedulingRefused(Exception):
    """A refusal with a sentence for people, a stable `code` and an HTTP status."""

    code = "scheduling_refused"
    status = 400
    field = ""

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {self.field: [str(self)]}} if self.field else {}


class AuditoriumBusy(SchedulingRefused):
    code = "auditorium_busy"
    status = 409

    def __init__(self, auditorium: str, movie: str, starts_at: datetime, ends_at: datetime) -> None:
        start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
        self.clash = {"movie": movie, "startsAt": start.isoformat(), "endsAt": end.isoformat()}
        super().__init__(
            _("%(auditorium)s is taken by “%(movie)s” from %(start)s to %(end)s.")
            % {
                "auditorium": auditorium,
                "movie": movie,
                "start": date_format(start, "SHORT_DATETIME_FORMAT"),
                "end": date_format(end, "TIME_FORMAT"),
            }
        )

    @property
    def extra(self) -> dict[str, Any]:
        return {"clash": self.clash}


class RunsIntoTheNext(MovieRefused):
    """Another runtime of a movie does not fit between what is planned."""

    code = "auditorium_busy"
    status = 409
    field = "runtime_minutes"

    def __init__(self, starts_at: datetime, busy: AuditoriumBusy) -> None:
        self.clash = busy.clash
        super().__init__(
            _(
                "The showtime of %(start)s would not be over in time: %(busy)s "
                "Move one of them first."
            )
            % {
                "start": date_format(timezone.localtime(starts_at), "SHORT_DATETIME_FORMAT"),
                "busy": busy,
            }
        )

    @property
    def extra(self) -> dict[str, Any]:
        return {"clash": self.clash, "errors": {"runtimeMinutes": [str(self)]}}


class NonexistentTime(SchedulingRefused):
    code = "imaginary_time"

    def __init__(self, field: str, local: datetime) -> None:
        self.field = field
        super().__init__(
            _("The clocks are put forward over %(time)s: there is no such time that day.")
            % {"time": date_format(local, "SHORT_DATETIME_FORMAT")}
        )


class PastTime(SchedulingRefused):
    code = "past_time"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(_("This start is in the past."))


class TooFarAhead(SchedulingRefused):
    code = "too_far_ahead"

    def __init__(self, field: str, days: int) -> None:
        self.field = field
        super().__init__(_("Showtimes are planned %(days)s days ahead at most.") % {"days": days})


class BadPrice(SchedulingRefused):
    code = "invalid"
    field = "prices"


class BadSeatPlan(SchedulingRefused):
    code = "bad_seat_plan"
    field = "plan"


class SeatsInUse(SchedulingRefused):
    code = "seats_in_use"
    status = 409
    field = "plan"

    def __init__(self, labels: list[str]) -> None:
        super().__init__(
            _("Seats that were booked cannot leave the plan: %(labels)s.")
            % {"labels": ", ".join(labels[:12])}
        )


class ShowtimeCancelled(SchedulingRefused):
    code = "showtime_cancelled"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("This showtime was cancelled, and that is final."))


class ShowtimeBooked(SchedulingRefused):
    code = "showtime_booked"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Seats were booked meanwhile: movie, auditorium, start and state stand now.")
        )
