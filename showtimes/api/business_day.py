"""`?date=` of the API."""

from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

FIRST_YEAR, LAST_YEAR = 1900, 2999


def asked_day(request: Request) -> date | None:
    """`?date=2026-11-22`. Raises ValidationError for what is no date."""
    raw = request.query_params.get("date", "")
    try:
        day = parse_date(raw) if raw else None
    except ValueError:
        day = None
    # A business day has bounds in UTC, which the first and the last days of the calendar have not.
    if raw and (day is None or not FIRST_YEAR <= day.year <= LAST_YEAR):
        raise ValidationError({"date": [_("Give a date like 2026-11-22.")]})
    return day
