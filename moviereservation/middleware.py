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
            if not length.isdecimal() or int(length) > settings.MAX_BODY_BYTES:
                return problem(
                    413, "too_large", f"A body may have {settings.MAX_BODY_BYTES} bytes at most."
                )
        return get_response(request)

    return middleware


def read_as_utf_8(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a `charset` other than UTF-8.

    Django decodes query and body with any codec of Python's that is named there, and some of them
    (zlib, hex) are no text encodings at all.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            return problem(415, "unsupported_media_type", "Send UTF-8.")
        return get_response(request)

    return middleware
