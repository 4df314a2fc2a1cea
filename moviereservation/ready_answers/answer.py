"""An answer of Django's as bytes: whether everybody may be given it, and giving it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.utils.http import parse_etags

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Any]

# The headers that are the same for everybody. An answer with any other header is given to nobody
# but whoever asked: Set-Cookie and whatever else belongs to one request is not here.
OF_THE_BODY = frozenset({
    "allow", "content-disposition", "content-encoding", "content-language", "content-length",
    "content-type", "link", "x-frame-options", "x-robots-tag", "x-total-count",
})  # fmt: skip
# These stand on a 304, too: RFC 9110, 15.4.5, and the policies of the site.
ALWAYS = frozenset({
    "cache-control", "content-security-policy", "cross-origin-opener-policy", "etag",
    "referrer-policy", "strict-transport-security", "vary", "x-content-type-options",
})  # fmt: skip
SHARED = OF_THE_BODY | ALWAYS
# A key has all of these in it; the cookies among them choose a language.
VARIES = frozenset({"accept", "accept-encoding", "accept-language", "cookie"})
NOT_PUBLIC = ("private", "no-store")
LARGEST = 512 * 1024  # bytes


@dataclass(frozen=True)
class Answer:
    status: str
    headers: Headers
    body: bytes

    @cached_property
    def etag(self) -> str:
        return self._header("etag")

    @cached_property
    def _unchanged(self) -> Headers:
        """The headers of a 304."""
        return [header for header in self.headers if header[0].lower() in ALWAYS]

    @property
    def is_for_everybody(self) -> bool:
        """Whether it is a whole page or list without anything of one guest or one request."""
        return (
            self.status.startswith("200 ")
            and len(self.body) <= LARGEST
            and all(name.lower() in SHARED for name, _value in self.headers)
            and VARIES.issuperset(map(str.strip, self._header("vary").lower().split(",")))
            and not any(word in self._header("cache-control").lower() for word in NOT_PUBLIC)
            and "'nonce-" not in self._header("content-security-policy")
        )

    @property
    def failed(self) -> bool:
        return self.status.startswith("5")

    def give(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer a request with it, or with 304 for who has it already."""
        seen = environ.get("HTTP_IF_NONE_MATCH")
        if seen and self.etag and self._is_in(seen):
            start_response("304 Not Modified", self._unchanged.copy())
            return []
        start_response(self.status, self.headers.copy())
        return [self.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _is_in(self, seen: str) -> bool:
        """If-None-Match compares weakly: RFC 9110, 13.1.2."""
        if seen == self.etag:
            return True
        tags = parse_etags(seen)
        own = self.etag.removeprefix("W/")
        return tags == ["*"] or any(tag.removeprefix("W/") == own for tag in tags)

    def _header(self, wanted: str) -> str:
        return next((value for name, value in self.headers if name.lower() == wanted), "")


def answer_of(application: Application, environ: dict[str, Any]) -> Answer | None:
    """What the application answers; None if it streams, which is not read to its end."""
    began: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> None:
        began.append((status, headers))

    body = application(environ, start_response)
    try:
        if getattr(body, "streaming", False):
            return None
        content = b"".join(cast("list[bytes]", body))
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = began[-1]
    return Answer(status, headers, content)
