"""Whether this process lives, and whether it can work."""

import functools
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from moviereservation.web import general
from moviereservation.web.problems import DATABASE_AWAY, database_away, refusal

READS = ("GET", "HEAD")


def read_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """405 for everything that is no read, without asking for a token against forged forms first."""

    @csrf_exempt
    @functools.wraps(view)
    def reading(request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            refused = refusal(general.MethodNotAllowed(_("This can only be read.")))
            refused["Allow"] = ", ".join(READS)
            return refused
        return view(request)

    return reading


@read_only
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: answers without looking at anything."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers. A cache that does not is a warning, not a reason to stop."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_AWAY as error:
        return database_away(error)
    cache.set("readyz", 1, 10)
    cached = cache.get("readyz") == 1
    return JsonResponse(
        {"status": "ok", "database": "ok", "cache": "ok" if cached else "away"},
        headers={"Cache-Control": "no-store"},
    )
