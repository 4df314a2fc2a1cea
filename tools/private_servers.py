#!/usr/bin/env python3
"""A private MariaDB and Redis in a temporary folder, for tests, benchmarks and developers.

    python tools/private_servers.py -- COMMAND …   runs COMMAND with DATABASE_URL and REDIS_URL set
    python tools/private_servers.py                prints the two URLs and stays until Ctrl-C

They listen on free loopback ports behind a random password, touch no server that is already
there, and are gone with their data afterwards. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Debian puts servers where the PATH of an ordinary user does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
ZONES = ("UTC", os.environ.get("CINEMA_TIME_ZONE") or "America/New_York")


class ServerFailed(Exception):
    """A server did not start; says which, and what it wrote last."""


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Servers]:
    """Start both servers, and leave nothing behind.

    `durable=True` makes MariaDB flush every commit to the disk, for campaigns that kill it; without
    it the last second may be lost, and tests are faster. Raises ServerFailed.
    """
    folder = Path(tempfile.mkdtemp(prefix="cinema-servers-"))
    servers = Servers(MariaDB(folder / "mariadb", durable=durable), Redis(folder / "redis"))
    try:
        servers.redis.start()
        servers.database.start()
        yield servers
    finally:
        # The data goes with the folder: no reason to wait for an orderly shutdown.
        servers.database.kill()
        servers.redis.kill()
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """One server that keeps its folder, port and URL over `stop`, `kill` and another `start`."""

    name: str
    ready_bytes: bytes = b""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self.folder = folder
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id; raises ServerFailed when it does not run."""
        if self.process is None or self.process.poll() is not None:
            raise ServerFailed(f"{self.name} is not running.")
        return self.process.pid

    def start(self, *, patience: float = 30) -> None:
        """Start and wait (seconds) until it answers."""
        with self.log.open("ab") as log:
            # In a session of its own: Ctrl-C in a terminal must not reach it before us.
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + patience
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                last_words = self.log.read_text(errors="replace")[-2000:]
                raise ServerFailed(f"{self.name} did not start:\n{last_words}")
            time.sleep(0.02)

    def stop(self, *, patience: float = 20) -> None:
        """Ask it to end in order (SIGTERM), and kill it if it has not after `patience` seconds."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError


class MariaDB(Server):
    """Tables are made on the first start. The user may do everything, as tests need."""

    name = "MariaDB"

    def __init__(self, folder: Path, *, durable: bool = False, database: str = "cinema") -> None:
        super().__init__(folder)
        self.durable = durable
        self.database = database
        self.data = folder / "data"

    @property
    def url(self) -> str:
        return f"mysql://cinema:{self.password}@127.0.0.1:{self.port}/{self.database}"

    def start(self, *, patience: float = 30) -> None:
        is_new = not self.data.exists()
        if is_new:
            self._prepare()
        super().start(patience=patience)
        if is_new:
            self._load_zones()

    def command(self) -> list[str]:
        return [
            program("mariadbd"),
            "--no-defaults",
            *as_root(),
            f"--datadir={self.data}",
            # Its own: several servers side by side take each other's temporary tables otherwise.
            f"--tmpdir={self.folder}",
            # Relative to the data, because a socket's path may not be longer than 107 bytes.
            "--socket=socket",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            f"--init-file={self.folder / 'init.sql'}",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--max-connections=300",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_520_ci",  # as moviereservation/db/engines.py has it
            "--innodb-log-file-size=8M",
            "--innodb-buffer-pool-size=128M",
            f"--innodb-flush-log-at-trx-commit={int(self.durable)}",
        ]

    def answers(self) -> bool:
        # The greeting comes only after the init file was carried out.
        with contextlib.suppress(OSError), connection(self.port) as server:
            return bool(server.recv(1))
        return False

    def _prepare(self) -> None:
        install = [
            program("mariadb-install-db"),
            "--no-defaults",
            "--force",
            *as_root(),
            f"--datadir={self.data}",
            "--innodb-log-file-size=8M",
            # Root only through the socket and only for us: everybody on the machine sees the port.
            "--auth-root-authentication-method=socket",
            "--skip-test-db",
            "--skip-name-resolve",
        ]
        made = subprocess.run(install, capture_output=True, text=True, check=False)
        if made.returncode:
            raise ServerFailed(f"mariadb-install-db failed:\n{made.stdout}{made.stderr}")
        private_file(
            self.folder / "init.sql",
            f"CREATE DATABASE IF NOT EXISTS {self.database};\n"
            f"CREATE USER IF NOT EXISTS cinema@'127.0.0.1' IDENTIFIED BY '{self.password}';\n"
            "GRANT ALL ON *.* TO cinema@'127.0.0.1' WITH GRANT OPTION;\n",
        )
        private_file(
            self.folder / "client.cnf",
            f"[client]\nhost=127.0.0.1\nport={self.port}\nuser=cinema\npassword={self.password}\n",
        )

    def _load_zones(self) -> None:
        """Without them Django's truncation in a local zone is NULL."""
        client = [program("mariadb"), f"--defaults-file={self.folder / 'client.cnf'}", "mysql"]
        for zone in dict.fromkeys(ZONES):
            file = zone_file(zone)
            if file is not None:
                convert = [program("mariadb-tzinfo-to-sql"), str(file), zone]
                sql = subprocess.run(convert, capture_output=True, check=True).stdout
                subprocess.run(client, input=sql, check=True)


class Redis(Server):
    """Keeps nothing: after a restart it is empty, as a cache may be."""

    name = "Redis"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        settings = (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'dir {self.folder}\nsave ""\nappendonly no\n'
        )
        private_file(self.folder / "redis.conf", settings)
        return [program("redis-server"), str(self.folder / "redis.conf")]

    def answers(self) -> bool:
        with contextlib.suppress(OSError), connection(self.port) as server:
            server.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            return b"+OK" in server.recv(64)
        return False


@dataclass(frozen=True)
class Servers:
    database: MariaDB
    redis: Redis

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database.url, "REDIS_URL": self.redis.url}


def free_port() -> int:
    """A free loopback port below 32768, where no outgoing connection will take it from us."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerFailed("No free port between 20000 and 32000.")


def connection(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=2)


def private_file(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def program(name: str) -> str:
    found = shutil.which(name, path=SEARCH_PATH)
    if found is None:
        raise ServerFailed(f"{name} is not installed; tools/test_packages.sh says what to install.")
    return found


def as_root() -> list[str]:
    """MariaDB refuses to run as root unless told that this is meant."""
    return ["--user=root"] if os.getuid() == 0 else []


def zone_file(name: str) -> Path | None:
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / name).is_file():
            return Path(folder) / name
    return None


def run_command(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run it to its end; its exit code. When we are told to stop, it is told first."""
    child = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        return child.wait()
    except BaseException as reason:
        if not isinstance(reason, KeyboardInterrupt):  # the terminal told the child, too
            child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(10)
        child.kill()
        raise


def end_in_order(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--durable", action="store_true", help="flush every commit to the disk")
    parser.add_argument("command", nargs="*", help="what to run with DATABASE_URL and REDIS_URL")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_in_order)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` switches it off
    try:
        with running(durable=options.durable) as servers:
            if options.command:
                return run_command(options.command, servers.environment())
            for name, value in servers.environment().items():
                print(f"export {name}={value}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 130
    except (ServerFailed, OSError) as problem:
        print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
