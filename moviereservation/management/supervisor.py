"""`make run`: keep web server, Stripe stand-in, housekeeping and e-mail worker alive together."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

PATIENCE = 60.0  # seconds until the first page must be there
GRACE = 6.0  # seconds between asking a process to end and ending it
LONGEST_PAUSE = 30.0  # seconds between two attempts to start what keeps dying
PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """What keeps the box office closed, and what to do about it, for whoever started it."""


@dataclass
class Child:
    """One process of ours: what it is called, how it is started, how it has been doing."""

    name: str
    command: Sequence[str]
    quiet: bool = False
    waits: bool = False  # for the first page, which it would only slow down
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = 0.0

    def start(self, folder: Path) -> None:
        # A session of its own: Ctrl-C reaches only us, and we end everything in order.
        self.process = subprocess.Popen(
            self.command,
            cwd=folder,
            # glibc keeps memory apart for each thread; two such places do (5 MB less a worker).
            env={"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.quiet else None,
            start_new_session=True,
            preexec_fn=end_with_the_supervisor,
        )
        self.started_at = time.monotonic()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self.process.poll() if self.process else None


def refuse_taken_ports(ports: Sequence[int]) -> None:
    """Raise CannotRun, before anything was started, if somebody already listens there.

    Without SO_REUSEPORT on purpose: the web server shares its port, and two of them would take
    turns without an error.
    """
    for port in ports:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if is_taken(family, address, port):
                raise CannotRun(f"Port {port} is taken; try PORT={ports[0] + 10} make run.")


def is_taken(family: socket.AddressFamily, address: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.socket(family) as client:
        client.settimeout(1)
        # Listening on all addresses can be bound beside; so somebody who answers is asked, too.
        if client.connect_ex((address, port)) == 0:
            return True
    if family == socket.AF_INET6:
        return False
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False


@contextlib.contextmanager
def running(children: Sequence[Child], *, folder: Path, host: str, port: int) -> Iterator[None]:
    """Start them and wait for the first page; at the end, whatever the reason, stop them all.

    Raises CannotRun when one of them ends or when the page does not come.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_in_order)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` switches it off
    try:
        for child in children:
            if not child.waits:
                child.start(folder)
        wait_for_the_first_page(children, host, port)
        for child in children:
            if child.waits:
                child.start(folder)
        yield
    finally:
        stop(children)


def watch(children: Sequence[Child], *, folder: Path) -> NoReturn:
    """Start again whatever dies, after a pause that doubles while it keeps dying."""
    while True:
        now = time.monotonic()
        for child in children:
            if child.start_again_at:
                if now >= child.start_again_at:
                    child.start_again_at = 0.0
                    child.start(folder)
            elif child.process is not None and child.exit_code is not None:
                end_what_is_left_of(child.process)
                lived_long = now - child.started_at > 2 * LONGEST_PAUSE
                child.failures = 1 if lived_long else child.failures + 1
                pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE)
                child.start_again_at = now + pause
                say(f"The {child.name} {how_it_ended(child)}; starting it again in {pause:.0f} s.")
        time.sleep(0.2)


def wait_for_the_first_page(children: Sequence[Child], host: str, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(host, port):
        for child in children:
            if child.exit_code is not None:
                raise CannotRun(f"The {child.name} {how_it_ended(child)}; its reason stands above.")
        if time.monotonic() > deadline:
            raise CannotRun(f"The web server did not answer on port {port} in {PATIENCE:.0f} s.")
        time.sleep(0.05)


def answers(host: str, port: int) -> bool:
    # A server that listens on all addresses also does here.
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(children: Sequence[Child]) -> None:
    """Ask all to end, then end what is left, with everything that it started."""
    started = [child.process for child in children if child.process is not None]
    for process in started:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        end_what_is_left_of(process)
        process.wait()


def end_what_is_left_of(process: subprocess.Popen[bytes]) -> None:
    """Its group has its number and outlives it: a web server's workers would go on answering."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def how_it_ended(child: Child) -> str:
    code = child.exit_code or 0
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def end_with_the_supervisor() -> None:
    """In the child, on Linux: be told to end even if we are killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_in_order(number: int, _frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def say(sentence: str) -> None:
    print(sentence, flush=True)
