"""Many guests at once from one thread, so that the load costs little of what it measures.

A guest is a generator: it yields what it asks and is sent the answer. One loop serves all guests
on kept connections.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Generator, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.buyers import Outcome

SHOP, STRIPE = 0, 1  # positions in `urls`


class Ask(NamedTuple):
    """A whole HTTP request, as bytes, for the server at this position; `step` names it."""

    step: str
    data: bytes
    door: int = SHOP


Answer = tuple[int, bytes]  # status 0: no answer
Guest = Generator[Ask, Answer, None]


class Played(NamedTuple):
    """`seconds` from the first question to the last answer; `cpu` seconds of this process."""

    outcome: Outcome
    seconds: float
    cpu: float

    def and_then(self, other: Played) -> Played:
        """Both, one after the other."""
        self.outcome.add(other.outcome)
        return Played(self.outcome, self.seconds + other.seconds, self.cpu + other.cpu)


def unleash(urls: Sequence[str], guests: Iterable[Guest]) -> Played:
    """Let all guests loose at the same moment, and wait for the last."""
    began, before = time.perf_counter(), time.process_time()
    outcome = play(urls, guests)
    return Played(outcome, time.perf_counter() - began, time.process_time() - before)


def play(urls: Sequence[str], guests: Iterable[Guest]) -> Outcome:
    """Serve all guests until each has ended."""
    hall = _Hall([_address(url) for url in urls])
    for seat in [_Seat(hall, guest) for guest in guests]:
        seat.go_on(None)
    while hall.guests:
        for number, _event in hall.poll.poll():
            if number in hall.lines:
                seat, door = hall.lines[number]
                seat.receive(door)
    hall.poll.close()
    return hall.outcome


class _Hall:
    """What all guests of a process share. `lines` tells whose a connection is, by its number."""

    def __init__(self, addresses: Sequence[tuple[str, int]]) -> None:
        self.addresses = addresses
        self.outcome = Outcome()
        self.poll = select.epoll()
        self.lines: dict[int, tuple[_Seat, int]] = {}
        self.guests = 0


class _Seat:
    """A guest with a connection to each server, and the question that is out."""

    def __init__(self, hall: _Hall, guest: Guest) -> None:
        self.hall, self.guest = hall, guest
        self.lines: dict[int, socket.socket] = {}
        self.data, self.began = b"", 0.0
        self.asked = Ask("", b"", -1)
        hall.guests += 1

    def go_on(self, answer: Answer | None) -> None:
        """Give the guest its answer, and send what it asks next."""
        while True:
            try:
                self.asked = next(self.guest) if answer is None else self.guest.send(answer)
            except StopIteration:
                return self._leave()
            self.began = time.perf_counter()
            try:
                return self._line(self.asked.door).sendall(self.asked.data)
            except OSError:
                self._hang_up(self.asked.door)
                answer = self._ended(0, b"")

    def receive(self, door: int) -> None:
        try:
            chunk = self.lines[door].recv(262144)
        except OSError:
            chunk = b""
        if not chunk:
            self._hang_up(door)
            if door != self.asked.door:
                return  # one that was kept for later
        self.data += chunk
        answer = complete(self.data) if chunk else (0, b"")
        if answer is not None:
            self.data = b""
            self.go_on(self._ended(*answer))

    def _ended(self, status: int, body: bytes) -> Answer:
        self.hall.outcome.note(self.asked.step, status, time.perf_counter() - self.began)
        return status, body

    def _line(self, door: int) -> socket.socket:
        if door not in self.lines:
            line = socket.create_connection(self.hall.addresses[door], timeout=60)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.lines[door] = line
            self.hall.lines[line.fileno()] = self, door
            self.hall.poll.register(line, select.EPOLLIN)
        return self.lines[door]

    def _hang_up(self, door: int) -> None:
        line = self.lines.pop(door, None)
        if line is not None:
            del self.hall.lines[line.fileno()]
            line.close()

    def _leave(self) -> None:
        for door in list(self.lines):
            self._hang_up(door)
        self.hall.guests -= 1


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 80


def complete(data: bytes) -> Answer | None:
    """Status and body of an HTTP/1.1 answer, or None while some of it is missing."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    status, head, body = int(data[9:12]), data[: end + 2].lower(), data[end + 4 :]
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        length = int(head[at + 17 : head.index(b"\r\n", at + 2)])
        return (status, body) if len(body) >= length or status == 304 else None
    if b"\r\ntransfer-encoding: chunked" in head:
        return (status, body) if body.endswith(b"0\r\n\r\n") else None
    return status, body


def request(
    method: str, url: str, path: str, body: bytes = b"", *, token: str = "", headers: str = ""
) -> bytes:
    """The bytes of a request; `headers` are whole lines, each with its end."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{bearer}{headers}{length}"
    return f"{head}\r\n".encode() + body
