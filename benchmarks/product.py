"""The real product, started for a campaign: servers, stand-in, web workers, housekeeping."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import private_servers
from tools.standin.process import Running
from tools.standin.process import running as standin_running

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
PROCESS_CLOCK = 2  # CPUCLOCK_SCHED of linux/posix-timers.h


@dataclass
class Product:
    """A box office at `url` with its parts; each can be killed and started again."""

    url: str
    port: int
    environment: dict[str, str]
    stripe: Running
    servers: private_servers.Servers | None
    workers: int
    web: subprocess.Popen[bytes] | None = None
    housekeeper: subprocess.Popen[bytes] | None = None
    log: Path = field(default=Path(os.devnull))

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command of the product."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, check=check, capture_output=True, text=True,
        )  # fmt: skip

    def stage(self, **wanted: Any) -> dict[str, Any]:
        """Guests with tokens, and showtimes; see benchmarks/stage.py."""
        return self.inside("benchmarks.stage", **wanted)

    def inside(self, module: str, **wanted: Any) -> dict[str, Any]:
        """What a module prints as JSON, run in a process with the product's environment."""
        ended = subprocess.run(
            [sys.executable, "-m", module, json.dumps(wanted)],
            cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return dict(json.loads(ended.stdout))

    def start_web(self, application: str = "moviereservation.wsgi:application") -> None:
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers)),
            *("--blocking-threads", "4", "--backlog", "2048", "--log-level", "error"),
            *("--respawn-failed-workers", "--respawn-interval", "0.1", application),
        ]
        self.web = self._start(command)
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.web.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not start; see {self.log}")
            time.sleep(0.05)

    def start_housekeeping(self, every: float = 1.0) -> None:
        self.housekeeper = self._start(
            [sys.executable, "manage.py", "housekeeping", "--every", str(every)]
        )

    def answers(self) -> bool:
        import urllib.error
        import urllib.request

        try:
            return bool(urllib.request.urlopen(f"{self.url}/healthz", timeout=2).status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def audit(self, *, stripe: bool = True) -> tuple[bool, str]:
        """Whether every invariant holds, Stripe's books included; and the report."""
        options = ["--stripe-days", "2"] if stripe else []
        done = self.manage("audit", *options, check=False)
        return done.returncode == 0, done.stdout + done.stderr

    def web_cpu_seconds(self) -> float:
        """User and system time of the web workers so far."""
        assert self.web is not None
        return sum(cpu_seconds(pid) for pid in [self.web.pid, *children(self.web.pid)])

    def stop(self) -> None:
        for process in (self.housekeeper, self.web):
            if process is not None:
                end(process)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


@contextlib.contextmanager
def running(
    *,
    database: str = "mariadb",
    workers: int = 2,
    durable: bool = False,
    housekeeping: float | None = None,
    application: str = "moviereservation.wsgi:application",
    **environment: str,
) -> Iterator[Product]:
    """The product on `mariadb` (with Redis) or `sqlite`, migrated and empty. Stops everything."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cinema-bench-")))
        servers = None
        parts: dict[str, str] = {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
        if database == "mariadb":
            servers = stack.enter_context(private_servers.running(durable=durable))
            parts = servers.environment()
        port = private_servers.free_port()
        stripe = stack.enter_context(
            standin_running(webhook_url=f"http://127.0.0.1:{port}/payment/webhook")
        )
        product = Product(
            url=f"http://127.0.0.1:{port}",
            port=port,
            environment={
                **os.environ, "VAR_DIR": str(folder), "PORT": str(port), "DEMO": "on",
                "SECRET_KEY": "", "RATE_LIMITS": "off", "STRIPE_API_BASE": stripe.url,
                "REDIS_URL": "", **parts, **environment,
            },
            stripe=stripe,
            servers=servers,
            workers=workers if database == "mariadb" else 1,
            log=folder / "log",
        )  # fmt: skip
        stack.callback(product.stop)
        product.manage("migrate", "--verbosity", "0")
        product.manage("collectstatic", "--noinput", "--verbosity", "0")
        product.start_web(application)
        if housekeeping is not None:
            product.start_housekeeping(housekeeping)
        yield product


def children(pid: int) -> list[int]:
    """Every process below this one."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *children(child)]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, its ended threads with it; 0 for one that is gone.

    From the clock that Linux keeps for each process, in nanoseconds: /proc counts in hundredths of
    a second, which is as much as a hundred requests.
    """
    with contextlib.suppress(OSError):
        return time.clock_gettime((~pid << 3) | PROCESS_CLOCK)
    return 0.0


def resident_megabytes(pid: int) -> float:
    """The memory of a process that no other one shares, in MB (proportional set size)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask, then insist; with everything that it started."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(6)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
