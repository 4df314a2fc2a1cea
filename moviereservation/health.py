"""Whether this process lives, and whether it can work."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from moviereservation.problems import DATABASE_AWAY, database_away


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: answers without looking at anything."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers. A cache that does not is a warning, not a reason to stop."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_AWAY as error:
        return database_away(error)  # type: ignore[return-value]
    cached = cache.set("readyz", 1, 10) is not False and cache.get("readyz") == 1
    return JsonResponse(
        {"status": "ok", "database": "ok", "cache": "ok" if cached else "away"},
        headers={"Cache-Control": "no-store"},
    )
