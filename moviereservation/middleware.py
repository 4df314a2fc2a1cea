"""What every request passes before it reaches a view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from moviereservation.problems import problem


def body_within_bounds(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a JSON body that is larger than any honest one, before a byte of it is parsed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type == "application/json":
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdigit() or int(length) > settings.MAX_BODY_BYTES:
                return problem(
                    413, "too_large", f"A body may have {settings.MAX_BODY_BYTES} bytes at most."
                )
        return get_response(request)

    return middleware
