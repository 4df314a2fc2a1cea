"""`make run` keeps its processes together: all open, or none."""

import http.server
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from moviereservation.management import supervisor
from moviereservation.management.supervisor import CannotRun, Child


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """`running` takes the signals of the process; here they belong to pytest."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def page() -> Iterator[int]:
    """The port of somebody who answers."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def program(name: str, text: str) -> Child:
    return Child(name, [sys.executable, "-c", text])


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_taken_port_is_refused_and_another_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotRun, match=f"Port {port} is taken; try PORT={port + 10} make run"):
            supervisor.refuse_taken_ports([port])
    supervisor.refuse_taken_ports([port])


def test_a_program_that_ends_at_once_closes_the_box_office(tmp_path: Path) -> None:
    lasting = program("housekeeping", "import time; time.sleep(60)")
    failing = program("web server", "raise SystemExit(3)")
    with (
        pytest.raises(CannotRun, match="web server ended with exit code 3"),
        supervisor.running([lasting, failing], folder=tmp_path, host="127.0.0.1", port=1),
    ):
        pass
    assert lasting.exit_code == -signal.SIGTERM


def test_what_waits_for_the_first_page_is_started_after_it(tmp_path: Path, page: int) -> None:
    web = program("web server", "import time; time.sleep(60)")
    later = Child("housekeeping", web.command, waits=True)
    with supervisor.running([later, web], folder=tmp_path, host="127.0.0.1", port=page):
        assert later.started_at > web.started_at
        assert later.exit_code is None
    assert later.exit_code is not None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_program_has_started_ends_with_it(tmp_path: Path) -> None:
    """Even if neither listens: a web server's workers must not go on answering."""
    stubborn = program(
        "web server",
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "worker = os.fork()\n"
        "if worker: open('workers', 'w').write(str(worker) + '.')\n"
        "time.sleep(60)",
    )
    stubborn.start(tmp_path)
    workers = tmp_path / "workers"
    while not (workers.exists() and workers.read_text().endswith(".")):
        time.sleep(0.01)
    assert stubborn.process
    os.kill(stubborn.process.pid, signal.SIGKILL)
    stubborn.process.wait()
    supervisor.stop([stubborn])
    time.sleep(0.1)
    assert not is_alive(int(workers.read_text().rstrip(".")))


def test_what_dies_is_started_again_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class SeenEnough(Exception):
        pass

    def listen(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 2:
            raise SeenEnough

    monkeypatch.setattr(supervisor, "say", listen)
    dying = program("Stripe stand-in", "raise SystemExit(1)")
    dying.start(tmp_path)
    with pytest.raises(SeenEnough):
        supervisor.watch([dying], folder=tmp_path)
    assert said == [
        "The Stripe stand-in ended with exit code 1; starting it again in 1 s.",
        "The Stripe stand-in ended with exit code 1; starting it again in 2 s.",
    ]
