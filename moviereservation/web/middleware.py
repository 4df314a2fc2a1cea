"""What every request passes before it reaches a view."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from moviereservation.web import general
from moviereservation.web.addresses import is_api
from moviereservation.web.limits import TooManyAttempts
from moviereservation.web.problems import refusal, too_often

GetResponse = Callable[[HttpRequest], HttpResponse]
_behind_it_all: ContextVar[GetResponse] = ContextVar("_behind_it_all")


def programs_by_the_short_way(pages: GetResponse) -> GetResponse:
    """Lead requests of programs past all that follows in MIDDLEWARE (decision 0017).

    They pass PROGRAMS_MIDDLEWARE instead, and then the view. It has to be the first, and
    `views_for_both` the last.
    """
    programs: Any = _behind_it_all.get()
    for name in reversed(settings.PROGRAMS_MIDDLEWARE):
        programs = convert_exception_to_response(import_string(name)(programs))

    def middleware(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = (programs if is_api(request) else pages)(request)
        return response

    return middleware


def views_for_both(views: GetResponse) -> GetResponse:
    """Tell `programs_by_the_short_way` where the views are: Django makes the last one first."""
    _behind_it_all.set(views)
    return views


def body_within_bounds(get_response: GetResponse) -> GetResponse:
    """Refuse a JSON body that is larger than any honest one, before a byte of it is parsed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type == "application/json":
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > settings.MAX_BODY_BYTES:
                words = f"A body may have {settings.MAX_BODY_BYTES} bytes at most."
                return refusal(general.TooLarge(words))
        return get_response(request)

    return middleware


def read_as_utf_8(get_response: GetResponse) -> GetResponse:
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


def too_often_is_a_page(get_response: GetResponse) -> GetResponse:
    """Answer 429 where a page's view meets a limit and leaves it to raise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, error) if isinstance(error, TooManyAttempts) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def in_the_language_of_who_asks(get_response: GetResponse) -> GetResponse:
    """Do what Django's LocaleMiddleware does where no address begins with a language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def at_a_host_of_ours(get_response: GetResponse) -> GetResponse:
    """Do what Django's CommonMiddleware does where every path has both forms already."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises DisallowedHost
        response = get_response(request)
        if not response.streaming and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware
