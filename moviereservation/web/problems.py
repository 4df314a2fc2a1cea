"""Every refusal of the API as one kind of document: RFC 9457, `application/problem+json`.

Pages get the same facts as a page. Nothing that went wrong inside is ever told to the outside.
"""

import logging
import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from moviereservation.web import general
from moviereservation.web.addresses import is_api
from moviereservation.web.limits import TooManyAttempts
from moviereservation.web.refusals import Refusal

logger = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)
# What the framework calls its own refusals → our stable codes.
CODES = {
    refusal.status: refusal.code
    for refusal in (
        general.Invalid, general.NotAuthenticated, general.PermissionDenied, general.NotFound,
        general.MethodNotAllowed, general.NotAcceptable, general.TooLarge,
        general.UnsupportedMediaType, TooManyAttempts,
    )
}  # fmt: skip


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | Response | None:
    """DRF's exception handler. An unknown exception is a bug and is left to raise."""
    if isinstance(error, Refusal):
        return refusal(error)
    if isinstance(error, DATABASE_AWAY):
        return database_away(error)
    if isinstance(error, RequestDataTooBig):
        return refusal(general.TooLarge())
    if isinstance(error, SuspiciousOperation):
        return refusal(general.Malformed())
    response = exception_handler(error, context)
    if response is None:
        return None
    detail, code, errors = _told_by(error)
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow")
               if response.has_header(name)}  # fmt: skip
    return problem(
        response.status_code,
        code or CODES.get(response.status_code, "error"),
        detail,
        headers=headers,
        **({"errors": errors} if errors else {}),
    )


def refusal(error: Refusal) -> HttpResponse:
    """A refusal as a problem document."""
    headers = {}
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return problem(error.status, error.code, str(error), headers=headers, **error.extra)


def problem(
    status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> HttpResponse:
    """A problem document. `code` is stable and documented; `detail` is for people."""
    response = JsonResponse(
        {
            "type": f"/api/docs/problems/#{code}",
            "title": code.replace("_", " ").capitalize(),
            "status": status,
            "detail": detail,
            "code": code,
        }
        | extra,
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
    response["Cache-Control"] = "no-store"
    return response


def database_away(error: BaseException) -> HttpResponse:
    """503: nothing was changed, please come back in a moment."""
    logger.error("The database did not answer: %s", error)
    return refusal(general.Unavailable())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig)
    return _page_or_problem(request, general.TooLarge() if too_large else general.Malformed())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(request, general.PermissionDenied(_("This is not for you to see.")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(request, general.NotFound())


def too_often(request: HttpRequest, error: TooManyAttempts) -> HttpResponse:
    """429 on a page: when to come back, in words and in `Retry-After`."""
    if is_api(request):
        return refusal(error)
    context = {"minutes": -(-error.retry_after // 60)}
    page = render(request, "429.html", context, status=429)
    page["Retry-After"] = str(error.retry_after)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort, also for a database that is away: 503 then, and never a stack trace."""
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_AWAY):
        if is_api(request):
            return database_away(error)
        logger.error("The database did not answer: %s", error)
        page = _bare_page(request, 503)
        page["Retry-After"] = str(general.Unavailable.retry_after)
        return page
    if is_api(request):
        return refusal(general.InternalError())
    return _bare_page(request, 500)


def _told_by(error: Exception) -> tuple[str, str | None, dict[str, Any] | None]:
    """The sentence, our code and the errors by field of one of the framework's refusals."""
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        flat = {field or "body": _flat(problems) for field, problems in fields.items()}
        flat = {("body" if field == "non_field_errors" else field): v for field, v in flat.items()}
        first = next((sentence for sentences in flat.values() for sentence in sentences), "")
        return first or str(general.Invalid.words), general.Invalid.code, flat
    if isinstance(error, exceptions.ParseError):
        return str(error.detail), general.Malformed.code, None
    if isinstance(error, exceptions.AuthenticationFailed):
        return str(general.TokenNotValid.words), general.TokenNotValid.code, None
    if isinstance(error, exceptions.APIException):
        return str(error.detail), None, None
    if isinstance(error, Http404):
        return str(general.NotFound.words), None, None
    if isinstance(error, PermissionDenied):
        return str(general.PermissionDenied.words), None, None
    return "", None, None


def _flat(problems: Any) -> list[str]:
    if isinstance(problems, dict):
        return [sentence for inner in problems.values() for sentence in _flat(inner)]
    if isinstance(problems, list | tuple):
        return [sentence for inner in problems for sentence in _flat(inner)]
    return [str(problems)]


def _page_or_problem(request: HttpRequest, error: Refusal) -> HttpResponse:
    if is_api(request):
        return refusal(error)
    page = "400.html" if error.status == 413 else f"{error.status}.html"
    return render(request, page, status=error.status)


def _bare_page(request: HttpRequest, status: int) -> HttpResponse:
    """A page that needs neither database nor session, since either may be what is broken."""
    return render(None, f"{status}.html", status=status)
