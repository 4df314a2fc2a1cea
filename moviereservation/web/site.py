"""Where this site is, for whatever leaves it: e-mails, calendar files, previews, search engines."""

from django.conf import settings


def site_url(path: str = "") -> str:
    """Return an absolute address.

    It comes from the settings: a worker knows no request, and no header is trusted.
    """
    return f"{settings.SITE_URL}{path}"
