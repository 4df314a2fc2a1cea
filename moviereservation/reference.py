"""The API's reference pages; every asset is ours, and the strict CSP stays."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.errors import AccountRefused
from movies.errors import MovieRefused
from payments.errors import PaymentRefused
from reservations.errors import BookingRefused
from showtimes.errors import SchedulingRefused

BASES = (AccountRefused, MovieRefused, SchedulingRefused, PaymentRefused, BookingRefused)
GENERAL = {
    "invalid": (400, "A value is not valid; `errors` says which field and why."),
    "malformed": (400, "The body is no JSON object."),
    "not_authenticated": (401, "No access token was sent."),
    "token_not_valid": (401, "The token is wrong, over, used up or revoked."),
    "permission_denied": (403, "The account may not do this."),
    "not_found": (404, "It does not exist, or it is somebody else's."),
    "method_not_allowed": (405, "The address does not know this method."),
    "too_large": (413, "The body is too large."),
    "unsupported_media_type": (415, "Send application/json."),
    "too_many_requests": (429, "Wait for `Retry-After` seconds."),
    "unavailable": (503, "The database is away; nothing was changed. Wait for `Retry-After`."),
}


# The reference page's renderer writes style elements; its script is still only ours.
@csp_update({"style-src": ["'unsafe-inline'"], "worker-src": ["blob:"]})
def docs(request: HttpRequest) -> HttpResponse:
    """The reference, drawn from the schema."""
    return render(request, "api/docs.html")


def problems(request: HttpRequest) -> HttpResponse:
    """What each stable `code` of a problem document means."""
    return render(request, "api/problems.html", {"problems": _problems()})


def _problems() -> list[tuple[str, int, str]]:
    rows = dict(GENERAL)
    for base in BASES:
        for refusal in _all_below(base):
            said = (refusal.__doc__ or "").strip().splitlines()
            if refusal.code not in rows:
                rows[refusal.code] = (refusal.status, said[0] if said else "")
    return sorted((code, status, text) for code, (status, text) in rows.items())


def _all_below(base: type) -> list[type]:
    return [one for below in base.__subclasses__() for one in (below, *_all_below(below))]
