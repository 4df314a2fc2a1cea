"""What every template may show."""

from django.conf import settings
from django.http import HttpRequest


def cinema(request: HttpRequest) -> dict[str, object]:
    """The cinema's name, and whether this is the demo (then the pages say so)."""
    return {
        "CINEMA_NAME": settings.CINEMA_NAME,
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
    }
