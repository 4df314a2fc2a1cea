"""Every stable `code` of the API's problem documents: what it means, and who answers with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from drf_spectacular.generators import EndpointEnumerator

from moviereservation.web import general
from moviereservation.web.refusals import Refusal, declared, refusals_of

Refusals = tuple[type[Refusal], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """`operations` are those that answer with it, as `POST /reservations`.

    There are none for what any may answer, and for what is only ever told on a page.
    """

    code: str
    status: int
    meaning: str
    is_general: bool
    operations: tuple[str, ...]

    @property
    def is_on_pages_only(self) -> bool:
        return not self.operations and not self.is_general

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


def usual_refusals(*, has_body: bool, takes_token: bool, needs_token: bool) -> Refusals:
    """What every operation with a JSON body, or with a log-in, may answer."""
    body = (general.Invalid, general.Malformed, general.TooLarge, general.UnsupportedMediaType)
    return (
        *(body if has_body else ()),
        *((general.NotAuthenticated,) if needs_token else ()),
        *((general.TokenNotValid,) if takes_token else ()),
        general.Unavailable,
    )


@cache
def problems() -> dict[str, Problem]:
    """By code, in alphabetical order."""
    by_code = {}
    for code, refusal in declared().items():
        is_general = issubclass(refusal, general.General)
        operations = () if is_general else tuple(_operations(code))
        by_code[code] = Problem(code, refusal.status, refusal.meaning, is_general, operations)
    return by_code


@cache
def refusals_by_operation() -> dict[tuple[str, str], Refusals]:
    """By method and path, as `("post", "/reservations")`: what its view says of itself.

    An operation that says nothing is left out, which a test finds.
    """
    by_operation = {}
    for path, _regex, method, callback in EndpointEnumerator().get_api_endpoints():  # type: ignore[no-untyped-call]
        actions = getattr(callback, "actions", None) or {}
        view_method = getattr(callback.cls, actions.get(method.lower(), method.lower()))
        refusals = refusals_of(view_method)
        if refusals is not None:
            by_operation[method.lower(), path.rstrip("/")] = tuple(refusals)
    return by_operation


def _operations(code: str) -> Iterator[str]:
    for (method, path), refusals in refusals_by_operation().items():
        if any(refusal.code == code for refusal in refusals):
            yield f"{method.upper()} {path}"
