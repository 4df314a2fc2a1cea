#!/usr/bin/env python3
"""`make test`: all parts of the test suite side by side, each part's output in one piece.

Every part is a target of the Makefile. As many run at once as there are cores, because a machine
that is overloaded finds faults that are not there.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
# The longest first, so that nobody waits for it at the end.
PARTS = {
    "test-mariadb": "MariaDB and Redis",
    "test-browser": "Browser",
    "coverage": "SQLite",
    "check": "Checks",
}


@dataclass
class Part:
    """One target: running, or ended with its exit code and all that it wrote."""

    target: str
    title: str
    output: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    seconds: float = 0.0

    def start(self, folder: str) -> None:
        self.began = time.monotonic()
        # A session of its own can be stopped as a whole, with all that it started.
        self.process = subprocess.Popen(
            ["make", "--no-print-directory", self.target],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        if self.process is None or self.process.poll() is None:
            return False
        self.seconds = time.monotonic() - self.began
        return True

    @property
    def failed(self) -> bool:
        return self.process is None or self.process.returncode != 0

    def text(self) -> str:
        self.output.seek(0)
        return self.output.read().decode(errors="replace").rstrip()

    def closing_line(self) -> str:
        """pytest's last line; of a part without pytest, whether it passed."""
        lines = re.findall(r"^=* ?(\d+ \w+.* in [\d.]+s.*?) ?=*$", self.text(), re.MULTILINE)
        return lines[-1] if lines else "1 failed" if self.failed else "1 passed"

    def counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", self.closing_line()):
            counts["failed" if word == "error" else word] += int(number)
        if self.failed and not counts["failed"]:
            counts["failed"] = 1  # it broke off
        return counts


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    began = time.monotonic()
    parts = [Part(target, title) for target, title in PARTS.items()]
    # What a test that was cut short leaves lying goes with this folder.
    with tempfile.TemporaryDirectory(prefix="cinema-", ignore_cleanup_errors=True) as folder:
        try:
            run(parts, folder, at_once=max(2, os.cpu_count() or 2))
        except KeyboardInterrupt:
            return 130
        finally:
            for part in parts:
                stop(part)
    return summary(parts, time.monotonic() - began)


def run(parts: list[Part], folder: str, *, at_once: int) -> None:
    """Run all parts, with `folder` for temporary files; show each when it has ended."""
    waiting, running = list(parts), list[Part]()
    while waiting or running:
        while waiting and len(running) < at_once:
            part = waiting.pop(0)
            print(f"Started: {part.title}", flush=True)
            part.start(folder)
            running.append(part)
        time.sleep(0.05)
        for part in [part for part in running if part.has_ended()]:
            running.remove(part)
            stop(part)
            print(f"\n──── {part.title}: {part.seconds:.0f} s ────\n{part.text()}", flush=True)


def stop(part: Part) -> None:
    """End it if it runs, and what it has left running: a worker that crashed cleans up nothing."""
    if part.process is None:
        return
    if part.process.poll() is None:
        os.killpg(part.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            part.process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(part.process.pid, signal.SIGKILL)


def summary(parts: list[Part], seconds: float) -> int:
    total: Counter[str] = sum((part.counts() for part in parts), Counter())
    print(f"\n──── Summary: {seconds:.0f} s ────")
    for part in parts:
        mark = "FAILED" if part.failed else "ok"
        print(f"{mark:<7}{part.title:<18} {part.closing_line()}")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if any(part.failed for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
