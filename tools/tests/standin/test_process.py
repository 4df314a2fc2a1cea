"""The stand-in as a process: for this machine only, mindful of its state, quick to stop."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tools.standin.process import ROOT, Refused, Running, running, stop
from tools.standin.receiver import receiving

INTENTS = "/v1/payment_intents"


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.standin", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )


def create(standin: Running) -> str:
    made = standin.call(
        "POST", INTENTS, "key", amount=2400, currency="usd", capture_method="manual"
    )
    return str(made["id"])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_it_refuses_to_listen_beyond_this_machine(host: str) -> None:
    refused = start("--port", "0", "--host", host)
    assert refused.returncode == 1
    assert "loopback" in refused.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_says_at_start_what_it_is(host: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.standin", "--port", "0", "--host", host],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = process.stdout.readline()
    stop(process)
    assert "stand-in" in said
    assert "no real payments" in said


def test_a_port_that_is_taken_is_refused() -> None:
    with running() as standin:
        refused = start("--port", standin.url.rsplit(":", 1)[1])
    assert refused.returncode == 1
    assert "not free" in refused.stderr


def test_payments_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "standin" / "state.sqlite3"
    with running(state=state) as standin:
        intent = create(standin)
        standin.confirm(intent)
        before, events = standin.intent(intent), standin.events()
    with running(state=state) as standin:
        assert standin.intent(intent) == before
        assert standin.events() == events
        assert create(standin) == intent  # the idempotency key is remembered too
        assert standin.call("POST", f"{INTENTS}/{intent}/capture")["status"] == "succeeded"
        assert standin.call("POST", "/v1/refunds", payment_intent=intent)["amount"] == 2400


def test_payments_survive_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    with running(state=state) as standin:
        intent = create(standin)
        os.kill(standin.state()["pid"], signal.SIGKILL)
        standin.process.wait(timeout=10)
    with running(state=state) as standin:
        assert standin.intent(intent)["status"] == "requires_payment_method"


def test_a_reset_empties_the_file_too(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    with running(state=state) as standin:
        intent = create(standin)
        standin.reset()
    with running(state=state) as standin, pytest.raises(Refused):
        standin.intent(intent)


def test_webhooks_that_were_not_taken_are_delivered_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    with running(state=state, webhook_url="http://127.0.0.1:9/webhook") as standin:
        intent = create(standin)
    with receiving() as shop, running(state=state, webhook_url=shop.url):
        sent = shop.wait_for("payment_intent.created")
    assert sent.event["data"]["object"]["id"] == intent


def test_a_slow_bank_decides_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    with running(state=state, bank_delay=60) as standin:
        intent = create(standin)
        standin.confirm(intent, "pm_card_processing")
    with running(state=state) as standin:
        for _ in range(300):
            if standin.intent(intent)["status"] == "requires_capture":
                return
            time.sleep(0.01)
    raise AssertionError("The bank never decided.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once(number: signal.Signals) -> None:
    with running() as standin:
        asked = time.monotonic()
        standin.process.send_signal(number)
        assert standin.process.wait(timeout=10) == 0
        assert time.monotonic() - asked < 5
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(standin.url.rsplit(":", 1)[1])), 1)


def test_it_stops_soon_though_calls_hang() -> None:
    def ask() -> None:
        with pytest.raises((OSError, http.client.HTTPException)):
            create(standin)

    with running() as standin:
        standin.fault("*", "hang", seconds=60)
        call = threading.Thread(target=ask)
        call.start()
        while not standin.state()["faults"][0]["hits"]:
            time.sleep(0.01)
        asked = time.monotonic()
        standin.process.terminate()
        standin.process.wait(timeout=10)
        assert time.monotonic() - asked < 5
        call.join()


def test_nothing_is_left_when_its_parent_is_killed() -> None:
    with running() as standin:
        worker = standin.state()["pid"]
        standin.process.kill()
        standin.process.wait()
        for _ in range(300):
            if not Path(f"/proc/{worker}").exists():
                return
            time.sleep(0.01)
    raise AssertionError("The worker lives on.")


def test_it_imports_neither_django_nor_the_sdk() -> None:
    code = "import sys, tools.standin.app; print({'django', 'stripe'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
