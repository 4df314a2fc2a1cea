"""How Stripe's SDK reaches Stripe: over a connection that each thread keeps.

The SDK's own transport (requests) costs more CPU than all the rest of a call (decision 0023).
"""

import http.client
import os
import select
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import stripe
from django.utils.datastructures import CaseInsensitiveMapping

# A list of a hundred intents has some 300 kB.
LARGEST_ANSWER = 8 * 1024 * 1024  # bytes
# A firewall in between forgets a silent connection after minutes and tells nobody.
KEPT_FOR = 60  # seconds
MOST_HEADERS, LONGEST_HEADER = 100, 65536  # bytes

Answer = tuple[bytes, int, Mapping[str, str]]


class StripeTransport(stripe.HTTPClient):
    """The SDK's transport. It sends once; sending again is the SDK's, with the same key.

    `timeout` is in seconds, for connecting and for each wait for bytes. Redirects are not followed.
    As with requests, certificates are checked against the SDK's own list, and HTTPS_PROXY and
    NO_PROXY count.
    """

    name = "http.client"

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout
        self._mine = threading.local()

    def request(  # type: ignore[override]  # bytes, as the SDK's own transports answer
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> Answer:
        """Send a request and read the whole answer. Raises APIConnectionError.

        Its `should_retry` is true also where Stripe may have carried the call out: whatever
        changes something carries a key, and to the same key Stripe repeats what it did.
        """
        try:
            return self._exchange(method.upper(), urlsplit(url), headers or {}, post_data)
        except (ssl.SSLCertVerificationError, _Unacceptable) as error:
            raise _no_answer(error, should_retry=False) from error
        except (OSError, http.client.HTTPException) as error:
            raise _no_answer(error, should_retry=True) from error

    def close(self) -> None:
        """Close the connection of this thread."""
        if kept := self._mine.__dict__.pop("kept", None):
            kept.connection.close()

    def _exchange(
        self, method: str, url: SplitResult, headers: Mapping[str, str], form: str | None
    ) -> Answer:
        kept = self._kept(url)
        kept.connection.response_class = _Answer
        path = f"{url.path}?{url.query}" if url.query else url.path
        try:
            kept.connection.request(method, path, form.encode() if form else None, headers)
            response = kept.connection.getresponse()
            body = _whole_body(response)
        except BaseException:
            # The rest of this answer must never be taken for the beginning of the next.
            kept.connection.close()
            raise
        kept.used_at = time.monotonic()
        return body, response.status, CaseInsensitiveMapping(response.getheaders())

    def _kept(self, url: SplitResult) -> "_Kept":
        """This thread's connection, or a new connection if that may not be used again."""
        kept: _Kept | None = getattr(self._mine, "kept", None)
        if kept is None or not kept.is_good_for(url.scheme, url.netloc):
            self.close()
            kept = self._mine.kept = _Kept(url.scheme, url.netloc, self._unconnected(url))
        return kept

    def _unconnected(self, url: SplitResult) -> http.client.HTTPConnection:
        if url.scheme != "https":  # a stand-in on a machine of ours
            return http.client.HTTPConnection(url.netloc, timeout=self._timeout)
        proxy = _proxy_for(url)
        if proxy is None:
            return http.client.HTTPSConnection(url.netloc, timeout=self._timeout, context=self._tls)
        connection = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or 80, timeout=self._timeout, context=self._tls
        )
        connection.set_tunnel(url.netloc, headers=_proxy_headers(proxy))
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=stripe.ca_bundle_path)


class _Answer(http.client.HTTPResponse):
    """An answer whose headers are read line by line.

    The standard library has the e-mail parser read them, which costs more than sending, waiting
    and reading together. What follows from the headers is as there.
    """

    def begin(self) -> None:
        version, status, reason = self._read_status()  # type: ignore[attr-defined]
        while status == http.client.CONTINUE:
            _header_lines(self.fp)
            version, status, reason = self._read_status()  # type: ignore[attr-defined]
        if not version.startswith("HTTP/1."):
            raise http.client.UnknownProtocol(version)
        self.code = self.status = status
        self.reason, self.version = reason.strip(), 10 if version == "HTTP/1.0" else 11
        self.headers = self.msg = _header_lines(self.fp)  # type: ignore[assignment]
        self.chunked = (self.headers.get("transfer-encoding") or "").lower() == "chunked"
        self.chunk_left = None
        self.length = None if self.chunked else _whole_number(self.headers.get("content-length"))
        if status in (204, 304):
            self.length = 0
        has_no_end = not self.chunked and self.length is None
        self.will_close = self._check_close() or has_no_end  # type: ignore[attr-defined]


def _header_lines(stream: Any) -> dict[str, str]:
    """The headers up to the empty line, by their names in lower case. Raises HTTPException."""
    headers: dict[str, str] = {}
    for _line in range(MOST_HEADERS):
        line = stream.readline(LONGEST_HEADER + 1)
        if len(line) > LONGEST_HEADER:
            raise http.client.LineTooLong("header line")
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, _colon, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    raise http.client.HTTPException(f"More than {MOST_HEADERS} headers")


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


class _Unacceptable(Exception):
    """What would be the same if it were asked for again."""


class _Kept:
    def __init__(self, scheme: str, netloc: str, connection: http.client.HTTPConnection) -> None:
        self.connection = connection
        self.used_at = time.monotonic()
        self._ours = (scheme, netloc, os.getpid())

    def is_good_for(self, scheme: str, netloc: str) -> bool:
        """Whether it goes there, is not the parent process's too, and is open as far as we see."""
        return (
            self._ours == (scheme, netloc, os.getpid())
            and self.connection.sock is not None
            and time.monotonic() - self.used_at < KEPT_FOR
            and not _has_something_to_read(self.connection.sock)
        )

    def __del__(self) -> None:
        """Close it with its thread."""
        self.connection.close()


def _has_something_to_read(idle: socket.socket) -> bool:
    """Whether the other side has closed, or speaks unasked, which is as bad."""
    poll = select.poll()
    poll.register(idle, select.POLLIN)
    return bool(poll.poll(0))


def _whole_body(response: http.client.HTTPResponse) -> bytes:
    """The body, complete. Raises IncompleteRead, and _Unacceptable for a body without end."""
    if response.length is None:  # in chunks, or until the other side closes
        body = response.read(LARGEST_ANSWER + 1)
        if len(body) <= LARGEST_ANSWER:
            return body
    elif response.length <= LARGEST_ANSWER:
        return response.read()
    raise _Unacceptable(f"An answer of more than {LARGEST_ANSWER} bytes")


def _proxy_for(url: SplitResult) -> SplitResult | None:
    """The proxy that the environment names for a host. Raises _Unacceptable for SOCKS."""
    proxies = getproxies()
    name = proxies.get("https") or proxies.get("all")
    if not name or proxy_bypass(url.netloc):
        return None
    proxy = urlsplit(name if "://" in name else f"http://{name}")
    if proxy.scheme != "http":
        raise _Unacceptable(f"Proxies of the kind {proxy.scheme}:// are not spoken to")
    return proxy


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    words = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(words.encode()).decode()}"}


def _no_answer(error: Exception, *, should_retry: bool) -> stripe.APIConnectionError:
    words = f"No answer of Stripe's ({type(error).__name__}: {error})"
    return stripe.APIConnectionError(words, should_retry=should_retry)  # type: ignore[no-untyped-call]
