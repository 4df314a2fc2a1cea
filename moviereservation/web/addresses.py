"""Which addresses are for programs, and where this site is for whatever leaves it."""

from django.conf import settings
from django.http import HttpRequest

# `moviereservation/tests/web/test_routers.py` holds this against what the router serves.
FOR_PROGRAMS = ("/auth/", "/movies/", "/showtimes/", "/payment/", "/reservations/", "/api/",
                "/healthz/", "/readyz/")  # fmt: skip
# The API's reference is pages.
FOR_PEOPLE = ("/api/docs/",)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: it is answered with JSON, and knows nothing of sessions."""
    path = f"{request.path_info}/"
    return path.startswith(FOR_PROGRAMS) and not path.startswith(FOR_PEOPLE)


def site_url(path: str = "") -> str:
    """Return an absolute address, for e-mails, calendar files, previews and search engines.

    It comes from the settings: a worker knows no request, and no header is trusted.
    """
    return f"{settings.SITE_URL}{path}"
