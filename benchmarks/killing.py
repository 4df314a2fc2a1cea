"""kill -9 for each part of a product, and the supervisor that brings it back."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.product import PATIENCE, Product, children, end
from tools.private_servers import Server, Servers

WATCH = 0.2  # seconds between two looks of the supervisor


class Reaper:
    """Kills, and counts what it has killed. Servers it starts again itself."""

    def __init__(self, shop: Product, application: str, *, housekeeping: float) -> None:
        self.shop = shop
        self.application = application
        self.every = housekeeping
        self.kills: Counter[str] = Counter()
        self.hung: Counter[str] = Counter()
        self.starting = threading.Lock()

    @contextlib.contextmanager
    def supervised(self) -> Iterator[None]:
        """Start web server and housekeeping again whenever they have ended, as `make run` does.

        A worker that dies is brought back by granian, which ends when one dies twice in a row.
        """
        over = threading.Event()
        supervisor = threading.Thread(target=self._supervise, args=(over,))
        supervisor.start()
        try:
            yield
        finally:
            over.set()
            supervisor.join()

    def web_worker(self, chance: random.Random) -> None:
        if pids := self.workers():
            _kill(chance.choice(pids))
            self.kills["web worker"] += 1

    def housekeeping(self) -> None:
        if self.shop.housekeeper is not None:
            _kill(self.shop.housekeeper.pid)
            self.kills["housekeeping"] += 1

    def dismiss_housekeeping(self) -> None:
        """It is not started again."""
        with self.starting:
            if self.shop.housekeeper is not None:
                end(self.shop.housekeeper)
                self.shop.housekeeper = None

    def redis(self, *, pause: float) -> None:
        self.servers.redis.kill()
        self.kills["Redis"] += 1
        time.sleep(pause)
        self.servers.redis.start()

    def database(self, *, pause: float) -> float:
        """Returns the time (monotonic) at which it answered again."""
        self.servers.database.kill()
        self.kills["MariaDB"] += 1
        time.sleep(pause)
        self.servers.database.start(patience=PATIENCE)
        return time.monotonic()

    def hang(self, server: Server, seconds: float) -> float:
        """Returns the time (monotonic) at which it went on."""
        self.hung[server.name] += 1
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(server.pid, signal.SIGCONT)
        return time.monotonic()

    def power_cut(self, *, pause: float) -> float:
        """Everything at once; returns when it was all there again."""
        with self.starting:
            for process in (self.shop.web, self.shop.housekeeper):
                if process is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
            self.servers.database.kill()
            self.servers.redis.kill()
            self.kills["everything at once"] += 1
            time.sleep(pause)
            self.servers.redis.start()
            self.servers.database.start(patience=PATIENCE)
        self.wait_for_web()
        return time.monotonic()

    def wait_for_web(self) -> None:
        while not self.shop.answers():
            time.sleep(0.05)

    def workers(self) -> list[int]:
        """The processes that serve requests, without their parent."""
        assert self.shop.web is not None
        return [pid for pid in children(self.shop.web.pid) if "resource_tracker" not in _said(pid)]

    def frozen_worker(self, *, while_waiting: threading.Thread) -> int | None:
        """The worker that a call has stopped; None when the call has ended instead."""
        while while_waiting.is_alive():
            for pid in self.workers():
                if _state(pid) == "T":
                    return pid
            time.sleep(0.01)
        return None

    @property
    def servers(self) -> Servers:
        assert self.shop.servers is not None
        return self.shop.servers

    def _supervise(self, over: threading.Event) -> None:
        while not over.wait(WATCH):
            with self.starting, contextlib.suppress(RuntimeError):  # then it is tried once more
                if _has_ended(self.shop.housekeeper):
                    self.shop.start_housekeeping(self.every)
                if _has_ended(self.shop.web):
                    self.shop.start_web(self.application)


def _has_ended(process: subprocess.Popen[bytes] | None) -> bool:
    """True once it has, with everything that it started."""
    if process is None or process.poll() is None:
        return False
    end(process)
    return True


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _said(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""


def _state(pid: int) -> str:
    """One letter: R running, S sleeping, T stopped, Z dead; "" for one that is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""
