"""A Galera cluster of three MariaDB nodes on this machine; each can be killed and rejoined.

Needs the packages galera-4, rsync and mariadb-server (for its state transfer scripts) beside what
tools/private_servers.py needs. What is not installed is unpacked into the cluster's own folder,
where apt can be had; nothing is installed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import MySQLdb

from tools.private_servers import MariaDB, ServerFailed, free_port

NODES = 3
PACKAGES = {
    "libgalera_smm.so": "galera-4",
    "rsync": "rsync",
    "wsrep_sst_rsync": "mariadb-server",
}
LIBRARIES = ("usr/lib/galera", "usr/lib64/galera-4", "usr/lib/x86_64-linux-gnu/galera")
# State transfer does not work as root, and MariaDB does not want to run as root.
UNPRIVILEGED = "nobody"


class NoGalera(Exception):
    """The packages can neither be found nor had; the text says which."""


@contextlib.contextmanager
def running() -> Iterator[list[Node]]:
    """Three nodes in one cluster. Raises NoGalera, ServerFailed; leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="cinema-galera-"))
    folder.chmod(0o755)  # the nodes run as somebody else
    nodes: list[Node] = []
    try:
        library = _tools(folder / "unpacked")
        nodes += [Node(folder / f"node{n}", f"node{n}", library) for n in range(NODES)]
        for node in nodes:
            node.peers = nodes
            node.password = nodes[0].password  # state transfer copies the users, too
            node.start(patience=90)
        yield nodes
    finally:
        for node in nodes:
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


class Node(MariaDB):
    """One MariaDB of the cluster. The first to start founds it; after `kill`, `start` rejoins."""

    def __init__(self, folder: Path, name: str, library: Path) -> None:
        super().__init__(folder)
        self.name = name
        self.library = library
        self.peers: Sequence[Node] = ()
        self.group_port, self.transfer_port, self.increment_port = (free_port() for _n in range(3))
        self.founds = False
        self.position = ""

    def start(self, *, patience: float = 90) -> None:
        """Join the others, or found the cluster when none runs, and wait until it is in step."""
        self.founds = not any(peer.process for peer in self.peers if peer is not self)
        self.position = "" if not self.data.exists() else self._recovered()
        super().start(patience=patience)
        self.founds = False
        until = time.monotonic() + patience
        while self.state() != "Synced":
            if time.monotonic() > until:
                raise ServerFailed(f"{self.name} did not join: {self.state()}")
            time.sleep(0.05)

    def state(self) -> str:
        """`Synced` when it may be written to; "" when it cannot be asked."""
        with contextlib.suppress(MySQLdb.Error), contextlib.closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute("SHOW STATUS LIKE 'wsrep_local_state_comment'")
            return str(cursor.fetchone()[1])
        return ""

    def connect(self) -> MySQLdb.Connection:
        return MySQLdb.connect(
            host="127.0.0.1", port=self.port, user="cinema", password=self.password,
            database=self.database, autocommit=True, connect_timeout=3,
        )  # fmt: skip

    def command(self) -> list[str]:
        here = "127.0.0.1"
        others = ",".join(f"{here}:{peer.group_port}" for peer in self.peers)
        options = {
            "base_host": here,
            "base_port": self.group_port,
            "gmcast.listen_addr": f"tcp://{here}:{self.group_port}",
            "ist.recv_addr": f"{here}:{self.increment_port}",
            # A node that says nothing for two seconds is dead to the others.
            "evs.suspect_timeout": "PT2S",
            "evs.keepalive_period": "PT0.5S",
            "evs.install_timeout": "PT4S",
            "evs.inactive_timeout": "PT6S",
            "gcache.size": "64M",
        }
        return [
            *(word for word in super().command() if not word.startswith("--user=")),
            *_user(),
            "--wsrep-on=ON",
            f"--wsrep-provider={self.library}",
            f"--wsrep-provider-options={';'.join(f'{k}={v}' for k, v in options.items())}",
            "--wsrep-cluster-name=cinema",
            f"--wsrep-cluster-address=gcomm://{others}",
            f"--wsrep-node-name={self.name}",
            f"--wsrep-node-address={here}",
            "--wsrep-sst-method=rsync",
            f"--wsrep-sst-receive-address={here}:{self.transfer_port}",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            *(["--wsrep-new-cluster"] if self.founds else []),
            *([f"--wsrep-start-position={self.position}"] if self.position else []),
        ]

    def _prepare(self) -> None:
        super()._prepare()
        self._give_away()

    def _load_zones(self) -> None:
        """The first node's come with the state transfer."""

    def _recovered(self) -> str:
        """Where a killed node stopped, so that the others send only what it has missed."""
        told = subprocess.run(
            [*self.command(), "--wsrep-recover"], cwd=self.folder,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = re.search(r"Recovered position:?\s*(\S+:-?\d+)", told.stdout + told.stderr)
        return found[1] if found else ""

    def _give_away(self) -> None:
        if os.getuid() == 0:
            owner = pwd.getpwnam(UNPRIVILEGED)
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, owner.pw_uid, owner.pw_gid)


def _user() -> list[str]:
    return [f"--user={UNPRIVILEGED}"] if os.getuid() == 0 else []


def _tools(folder: Path) -> Path:
    """The provider's library; the programs are on the PATH then. Raises NoGalera."""
    missing = [package for name, package in PACKAGES.items() if _found(name) is None]
    if missing:
        _unpack(missing, folder)
        os.environ["PATH"] = os.pathsep.join([str(folder / "usr/bin"), os.environ["PATH"]])
    library = _found("libgalera_smm.so", folder)
    if library is None or _found("wsrep_sst_rsync") is None:
        raise NoGalera(f"The packages {', '.join(PACKAGES.values())} cannot be had here.")
    return library


def _found(name: str, folder: Path = Path("/")) -> Path | None:
    if not name.endswith(".so"):
        program = shutil.which(name)
        return Path(program) if program else None
    for root in (folder, Path("/")):
        for place in LIBRARIES:
            if (root / place / name).is_file():
                return root / place / name
    return None


def _unpack(packages: Sequence[str], folder: Path) -> None:
    folder.mkdir(mode=0o755)
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(["apt-get", "download", *packages], cwd=folder, check=True,
                       capture_output=True)  # fmt: skip
        for archive in folder.glob("*.deb"):
            subprocess.run(["dpkg", "--extract", archive, folder], check=True, capture_output=True)
