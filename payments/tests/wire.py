"""The other end of a connection, as bad as it can be: a server that answers by script, a proxy."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("localhost.pem")
INTENT = (
    b'{"id": "pi_1", "object": "payment_intent", "client_secret": "s", "status": "succeeded",'
    b' "amount": 2400, "amount_received": 2400, "currency": "usd", "livemode": false,'
    b' "metadata": {}, "last_payment_error": null}'
)
# What it sends, and whether the connection stays open; None: it says nothing and does not close.
WHOLE = (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(INTENT), INTENT), True)
THEN_CLOSED = (WHOLE[0], False)
CUT = (WHOLE[0][:-40], False)
SILENT = (b"", False)
STALLED = (WHOLE[0][:-40], None)
HEX = b"%x" % len(INTENT)
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = (CHUNKED_HEAD + HEX + b"\r\n" + INTENT + b"\r\n0\r\n\r\n", True)
CHUNKED_CUT = (CHUNKED_HEAD + HEX + b"\r\n" + INTENT, False)
# Good JSON but for its length: 13 MB of it are spaces.
SPACES = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
ENDLESS = (CHUNKED[0].removesuffix(b"0\r\n\r\n") + SPACES * 200 + b"0\r\n\r\n", True)
TOO_LARGE = (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n ", True)
MOVED = (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", True)
NO_OBJECT = (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", True)
NO_HTTP = (b"220 smtp.example.org\r\n", False)

Piece = tuple[bytes, bool | None]


@dataclass
class Asked:
    connection: int
    line: str
    headers: dict[str, str]


@dataclass
class Wire:
    """Answers the next piece of its script to each request; the last piece for ever."""

    script: Sequence[Piece] = (WHOLE,)
    tls: bool = False
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def open(self) -> Iterator["Wire"]:
        with socket.create_server(("localhost", 0)) as listener:
            self.port = listener.getsockname()[1]
            threading.Thread(target=self._accept, args=[listener], daemon=True).start()
            try:
                yield self
            finally:
                listener.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.connections += 1
                where = (connection, self.connections)
                threading.Thread(target=self._serve, args=where, daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), connection:
            if self.tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                connection = context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as reader:
                while head := _head(reader):
                    self.asked.append(Asked(number, *head))
                    piece, stays = self.script[min(len(self.asked), len(self.script)) - 1]
                    connection.sendall(piece)
                    if stays is None:
                        time.sleep(5)
                    if not stays:
                        break
        self.closed.set()


class Proxy(Wire):
    """Joins whoever says CONNECT with the place that they name."""

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), connection, connection.makefile("rb", 0) as reader:
            head = _head(reader)
            assert head is not None
            self.asked.append(Asked(number, *head))
            host, port = head[0].split()[1].split(":")
            with socket.create_connection((host, int(port))) as there:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pump, args=[there, connection], daemon=True)
                back.start()
                _pump(connection, there)
                back.join(5)


def _head(reader: Any) -> tuple[str, dict[str, str]] | None:
    """The first line and the headers of a request, whose body is read, too."""
    line = reader.readline().decode().strip()
    if not line:
        return None
    headers = {}
    while field := reader.readline().decode().strip():
        name, _, value = field.partition(": ")
        headers[name] = value
    reader.read(int(headers.get("Content-Length", 0)))
    return line, headers


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
