"""A small HTTP client that costs a load test little: one kept connection, JSON in and out."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any
from urllib.parse import urlencode, urlsplit


class Wire:
    """One connection to one server, opened again when it was closed. Not for several threads."""

    def __init__(self, url: str, *, timeout: float = 60.0) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "", parts.port or 80)
        self.host = f"{parts.hostname}:{parts.port}"
        self.timeout = timeout
        self.socket: socket.socket | None = None
        self.rest = b""

    def json(self, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        """Status and answer; status 0 when the connection broke before there was one."""
        data = b"" if body is None else json.dumps(body).encode()
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        return self._ask(method, path, data, f"Content-Type: application/json\r\n{bearer}")

    def form(self, path: str, *, key: str, once: str = "", **fields: str) -> tuple[int, Any]:
        """A call of Stripe's API; with the same `once` it may be repeated."""
        headers = (
            f"Content-Type: application/x-www-form-urlencoded\r\nAuthorization: Bearer {key}\r\n"
        )
        if once:
            headers += f"Idempotency-Key: {once}\r\n"
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def close(self) -> None:
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.close()
        self.socket, self.rest = None, b""

    def _ask(self, method: str, path: str, data: bytes, headers: str) -> tuple[int, Any]:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{headers}"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, timeout=self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(head.encode() + data)
            status, body = self._read()
        except OSError:
            self.close()
            return 0, None
        try:
            return status, json.loads(body) if body else None
        except ValueError:
            return status, body[:200]

    def _read(self) -> tuple[int, bytes]:
        assert self.socket is not None
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        status = int(lines[0].split()[1])
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in lines[1:])
        }
        length = int(fields.get(b"content-length", b"0"))
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        if fields.get(b"connection", b"").lower() == b"close":
            self.close()
        return status, body

    def _more(self) -> None:
        assert self.socket is not None
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionResetError("the server closed the connection")
        self.rest += chunk
