"""What every request passes before it reaches a view."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.deprecation import MiddlewareMixin

from moviereservation.web import general
from moviereservation.web.addresses import is_api
from moviereservation.web.limits import TooManyAttempts
from moviereservation.web.problems import refusal, too_often


def body_within_bounds(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a JSON body that is larger than any honest one, before a byte of it is parsed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type == "application/json":
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > settings.MAX_BODY_BYTES:
                words = f"A body may have {settings.MAX_BODY_BYTES} bytes at most."
                return refusal(general.TooLarge(words))
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
            return refusal(general.UnsupportedMediaType("Send UTF-8."))
        return get_response(request)

    return middleware


def too_often_is_a_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 429 where a page's view meets a limit and leaves it to raise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, error) if isinstance(error, TooManyAttempts) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


class _ForPages(MiddlewareMixin):
    """Leaves out requests of programs, which have no use for it (decision 0017)."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return self.get_response(request)  # type: ignore[return-value]
        return super().__call__(request)  # type: ignore[return-value]


class Compressed(_ForPages, GZipMiddleware):
    """A seat map of 300 seats is 90 kB of markup that says much the same, and 7 kB compressed.

    Secrets in pages are masked anew for each answer, and Django adds bytes at random, so that
    the length tells nothing (https://breachattack.com).
    """


class ContentPolicy(_ForPages, CSPMiddleware):
    pass


class Sessions(_ForPages, SessionMiddleware):
    pass


class Authentication(_ForPages, AuthenticationMiddleware):
    pass


class Messages(_ForPages, MessageMiddleware):
    pass
