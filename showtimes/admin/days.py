"""Choosing a business day: computed here, because a database may know no time zones."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moviereservation.business_day import bounds, business_day
from showtimes.formats import short_day

COMING, PAST, ANY = "coming", "past", "any"
DAYS_AHEAD = 8


class BusinessDayFilter(admin.SimpleListFilter):
    """From today on, or one day, or what is past, or everything."""

    title = _("day")
    parameter_name = "day"
    template = "admin/day_filter.html"
    # What is shown while nothing is chosen.
    unless_chosen: ClassVar[str] = COMING

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = business_day(timezone.now())
        days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
        names = {today: gettext("Today"), today + timedelta(days=1): gettext("Tomorrow")}
        return [
            *((day.isoformat(), names.get(day) or short_day(day)) for day in days),
            (PAST, gettext("Past")),
            *([(ANY, gettext("Any day"))] if self.unless_chosen != ANY else []),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today, _end = bounds(business_day(timezone.now()))
        if day := self.day:
            first, last = bounds(day)
            return queryset.filter(starts_at__gte=first, starts_at__lt=last)
        chosen = self.value() or self.unless_chosen
        if chosen == PAST:
            return queryset.filter(starts_at__lt=today)
        if chosen == ANY:
            return queryset
        return queryset.filter(starts_at__gte=today)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": gettext("From today") if self.unless_chosen == COMING else gettext("All"),
        }
        for value, name in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": name,
            }

    @property
    def day(self) -> date | None:
        """The one day that was asked for."""
        try:
            day = parse_date(self.value() or "")
            return day if day and date(1900, 1, 1) <= day <= date(9000, 1, 1) else None
        except ValueError:
            return None
