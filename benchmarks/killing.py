"""kill -9 for each part of a product, and what brings it back, as a supervisor would."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.product import PATIENCE, Product, children, end


class Reaper:
    """Kills, and counts what it has killed."""

    def __init__(self, shop: Product, application: str, *, housekeeping: float = 1.0) -> None:
        self.shop = shop
        self.application = application
        self.every = housekeeping
        self.kills: Counter[str] = Counter()
        self.hung: Counter[str] = Counter()

    def web_worker(self, chance: random.Random) -> None:
        if pids := self.workers():
            _kill(chance.choice(pids))
            self.kills["web worker"] += 1

    def housekeeping(self) -> None:
        assert self.shop.housekeeper is not None
        _kill(self.shop.housekeeper.pid)
        self.shop.housekeeper.wait()
        self.kills["housekeeping"] += 1
        self.shop.start_housekeeping(self.every)

    def redis(self, *, pause: float) -> None:
        assert self.shop.servers is not None
        self.shop.servers.redis.kill()
        self.kills["Redis"] += 1
        time.sleep(pause)
        self.shop.servers.redis.start()

    def database(self, *, pause: float) -> float:
        """Returns the time (monotonic) at which it answered again."""
        assert self.shop.servers is not None
        self.shop.servers.database.kill()
        self.kills["MariaDB"] += 1
        time.sleep(pause)
        self.shop.servers.database.start(patience=PATIENCE)
        return time.monotonic()

    def hang_redis(self, seconds: float) -> None:
        assert self.shop.servers is not None
        self.hung["Redis"] += 1
        _hang(self.shop.servers.redis.pid, seconds)

    def hang_database(self, seconds: float) -> float:
        """Returns the time (monotonic) at which it went on."""
        assert self.shop.servers is not None
        self.hung["MariaDB"] += 1
        _hang(self.shop.servers.database.pid, seconds)
        return time.monotonic()

    def power_cut(self, *, pause: float) -> float:
        """Everything at once; returns when all of it was started again."""
        assert self.shop.servers is not None
        assert self.shop.web is not None
        assert self.shop.housekeeper is not None
        for process in (self.shop.web, self.shop.housekeeper):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self.shop.servers.database.kill()
        self.shop.servers.redis.kill()
        self.kills["everything at once"] += 1
        time.sleep(pause)
        self.shop.servers.redis.start()
        self.shop.servers.database.start(patience=PATIENCE)
        self.shop.start_web(self.application)
        self.shop.start_housekeeping(self.every)
        return time.monotonic()

    def keep_web(self) -> None:
        """granian gives up when the same worker dies twice in a few seconds: start it again."""
        assert self.shop.web is not None
        if self.shop.web.poll() is not None:
            end(self.shop.web)
            self.shop.start_web(self.application)

    def workers(self) -> list[int]:
        """The processes that serve requests, without their parent."""
        assert self.shop.web is not None
        return [pid for pid in children(self.shop.web.pid) if "resource_tracker" not in said(pid)]

    def frozen_worker(self, *, while_waiting: threading.Thread) -> int | None:
        """The worker that a call has stopped; None when the call has ended instead."""
        while while_waiting.is_alive():
            for pid in self.workers():
                if state_of(pid) == "T":
                    return pid
            time.sleep(0.01)
        return None


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _hang(pid: int, seconds: float) -> None:
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


def said(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""


def state_of(pid: int) -> str:
    """One letter: R running, S sleeping, T stopped, Z dead; "" for one that is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""
