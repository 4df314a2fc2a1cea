"""Which requests have a ready answer, and what it depends on."""

import io
import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.middleware.gzip import re_accepts_gzip
from django.utils.translation import get_language_from_request

# The public reads: an address, and the parameters that it knows.
LIST = frozenset({"genre", "search", "date", "showing", "page", "pageSize"})
SHOWTIMES = frozenset({"date", "page", "pageSize"})
PROGRAMME = frozenset({"day", "search", "genre", "format", "language", "access"})
NOTHING: frozenset[str] = frozenset()
FOR_PROGRAMS = (
    (r"/movies/?", LIST),
    (r"/movies/[0-9]{1,19}/?", NOTHING),
    (r"/movies/[0-9]{1,19}/showtimes/?", SHOWTIMES),
    (r"/showtimes/[0-9]{1,19}/?", NOTHING),
    (r"/showtimes/[0-9]{1,19}/seats/?", NOTHING),
)
FOR_PEOPLE = (
    (r"/", PROGRAMME),
    (r"/whats-on/[-a-zA-Z0-9_]+/", NOTHING),
    (r"/whats-on/[-a-zA-Z0-9_]+/[0-9]{1,19}\.ics", NOTHING),
    (r"/sitemap\.xml", NOTHING),
)
READS = (*FOR_PROGRAMS, *FOR_PEOPLE)
_read = re.compile("|".join(f"({path})" for path, _parameters in READS)).fullmatch

# Who sends one of these asks for themselves, or for more than a plain read.
NOT_PLAIN = (
    "HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_TRANSFER_ENCODING",
)  # fmt: skip
# Nor does anybody plain send a body. Web servers also name these where they are empty.
EMPTY = (("CONTENT_TYPE", ""), ("CONTENT_LENGTH", "0"), ("SCRIPT_NAME", ""))
# What the web server says of itself.
OF_THE_SERVER = (
    "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.version", "wsgi.errors",
    "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once",
)  # fmt: skip
LONGEST = 300  # characters, of what stands in a key or is read for it
JSON = frozenset({"application/json", "application/*", "*/*"})


class Key(NamedTuple):
    """All that the answer to a public read depends on."""

    host: str
    path: str
    query: str
    is_secure: bool
    language: str
    is_compressed: bool

    def environ(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A request for it by nobody: of who `asked`, only what the web server says of itself."""
        environ = {name: asked[name] for name in OF_THE_SERVER if name in asked}
        scheme = "https" if self.is_secure else "http"
        environ |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "HTTP_HOST": self.host,
            "HTTP_ACCEPT_LANGUAGE": self.language,
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
        }
        if self.is_compressed:
            environ["HTTP_ACCEPT_ENCODING"] = "gzip"
        if settings.SECURE_PROXY_SSL_HEADER:
            header, secure = settings.SECURE_PROXY_SSL_HEADER
            environ[header] = secure if self.is_secure else "http"
        return environ


def key_of(environ: dict[str, Any]) -> Key | None:
    """What the answer depends on; None for a request that Django has to answer by itself."""
    given = environ.get
    address = _read(given("PATH_INFO", ""))
    host, query = given("HTTP_HOST", ""), given("QUERY_STRING", "")
    if address is None or not host or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    if not _is_plain(environ) or len(address.string) + len(host) + len(query) > LONGEST:
        return None
    read = (address.lastindex or 1) - 1
    if query and not _is_known(query, READS[read][1]):
        return None
    for_programs = read < len(FOR_PROGRAMS)
    if for_programs and not _takes_json(given("HTTP_ACCEPT", "*/*")[: LONGEST + 1]):
        return None
    language = _language(given("HTTP_COOKIE", ""), given("HTTP_ACCEPT_LANGUAGE", ""))
    if language is None:
        return None
    # Programs are answered uncompressed, see `moviereservation.web.middleware.Compressed`.
    compressed = not for_programs and re_accepts_gzip.search(given("HTTP_ACCEPT_ENCODING", ""))
    return Key(host, address.string, query, _is_secure(environ), language, bool(compressed))


def _is_plain(environ: dict[str, Any]) -> bool:
    for name in NOT_PLAIN:
        if name in environ:
            return False
    return all(environ.get(name, empty) in ("", empty) for name, empty in EMPTY)


def _is_known(query: str, parameters: frozenset[str]) -> bool:
    """Whether it has only parameters that the address knows, spelled as they are."""
    names = (part.partition("=")[0] for part in query.split("&"))
    return query.isascii() and parameters.issuperset(names)


@lru_cache(maxsize=256)
def _takes_json(accept: str) -> bool:
    """Whether the plain JSON is what this header asks for. `indent` would be another spelling."""
    if len(accept) > LONGEST or "indent" in accept:
        return False
    return not JSON.isdisjoint(kind.partition(";")[0].strip() for kind in accept.split(","))


def _language(cookies: str, accepted: str) -> str | None:
    """The language that Django would answer in; None with a cookie that may be somebody's own."""
    chosen = ""
    if cookies:
        # Django reads cookies as UTF-8: beyond ASCII it would see other names than we do.
        if not cookies.isascii() or len(cookies) > 4 * LONGEST:
            return None
        sent = parse_cookie(cookies)
        chosen = sent.pop(settings.LANGUAGE_COOKIE_NAME, "")
        sent.pop(settings.CSRF_COOKIE_NAME, "")
        if sent:
            return None
    return None if len(chosen) + len(accepted) > LONGEST else _spoken(chosen, accepted)


@lru_cache(maxsize=512)
def _spoken(chosen: str, accepted: str) -> str:
    request = HttpRequest()
    request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: chosen} if chosen else {}
    request.META = {"HTTP_ACCEPT_LANGUAGE": accepted}
    return get_language_from_request(request)


def _is_secure(environ: dict[str, Any]) -> bool:
    """As `HttpRequest.scheme` has it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if header in environ:
            return bool(environ[header].partition(",")[0].strip() == secure)
    return bool(environ["wsgi.url_scheme"] == "https")
