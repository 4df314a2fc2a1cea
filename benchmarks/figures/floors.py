"""What stands beside the figures in the same run: fixed work, a bare view, the peer carried over.

The peer, the Node system that was to be replaced, cannot be put into this repository. What it cost
was measured once, in one run with the product of that day; since then it is carried over to the
machine and the minute of a run by a fixed piece of Python work, timed then and timed now.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.product import PATIENCE, ROOT, end
from tools.private_servers import free_port

CALIBRATE_THEN = 0.0595  # seconds, on the machine and the day of the peer's figures
SAID = (
    "The peer cannot be put into this repository and was not run here: its figures are those of its"
    " day, carried over by a fixed piece of Python work (`calibrate` in"
    f" `benchmarks/figures/floors.py`), which took {CALIBRATE_THEN} s then. Aims in milliseconds"
    " are of that machine, too, and are carried over in the same way."
)


@dataclass(frozen=True)
class Peer:
    """Milliseconds of CPU, on the machine and in the minute of a run."""

    booking_app: float
    booking_database: float
    movies: float
    showtimes: float

    @classmethod
    def now(cls, calibrated: float) -> Peer:
        """As it was then, times what `calibrate()` says now over what it said then."""
        factor = calibrated / CALIBRATE_THEN
        then = (6.87, 1.10, 0.277, 0.146)
        return cls(*(factor * figure for figure in then))


def calibrate() -> float:
    """CPU seconds of the fixed work, the least of seven."""
    best = 9.0
    for _ in range(7):
        t = time.process_time()
        for i in range(400):
            d = {
                str(k): {"title": f"movie {k} {i}", "n": k * i, "list": [k] * 8} for k in range(60)
            }
            json.loads(json.dumps(d))
        best = min(best, time.process_time() - t)
    return best


@contextlib.contextmanager
def bare_view(workers: int) -> Iterator[tuple[str, int]]:
    """A Django view that answers bytes from memory, served as the product is: its URL, and pid."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--log-level", "error", "benchmarks.figures.bare:application"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The bare view did not start.")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        end(process)


def _listens(port: int) -> bool:
    import socket

    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
