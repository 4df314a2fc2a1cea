"""Choosing bookings by the day of their showtime."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moviereservation.business_day import bounds, business_day
from showtimes.admin.days import ANY, PAST, BusinessDayFilter
from showtimes.models import Showtime


class ShowtimeDayFilter(BusinessDayFilter):
    title = _("showtime")
    template = "admin/filter.html"
    unless_chosen = ANY

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the keys of showtimes: joined, the database would begin at what is past, and sort it.

        A day has few, and so has what is to come, which is all that is not past.
        """
        if self.day is None and self.value() != PAST:
            return queryset
        showtimes = Showtime.objects.all()
        if self.day is not None:
            of_day = super().queryset(request, showtimes)
            return queryset.filter(showtime__in=list(of_day.values_list("pk", flat=True)))
        today, _end = bounds(business_day(timezone.now()))
        coming = showtimes.filter(starts_at__gte=today)
        return queryset.exclude(showtime__in=list(coming.values_list("pk", flat=True)))
