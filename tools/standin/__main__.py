"""Start the stand-in: `python -m tools.standin --port 8001`."""

import argparse
import ipaddress
import multiprocessing
import os
import socket
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from .settings import Settings

if TYPE_CHECKING:
    from .app import App

THREADS = 64
ABOUT = "A local stand-in for Stripe, for tests, demos and benchmarks. It moves no money."


def main() -> None:
    wanted = arguments()
    host = loopback(wanted.host)
    claim = claimed(host, wanted.port)
    port = claim.getsockname()[1]
    settings = Settings(
        state=wanted.state,
        webhook_url=wanted.webhook_url,
        webhook_secret=wanted.webhook_secret,
        webhook_backoff=wanted.webhook_backoff,
        bank_delay=wanted.bank_delay,
    )
    serve(host, port, settings)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.standin", description=ABOUT)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="an address of this machine only")
    parser.add_argument("--state", metavar="FILE", help="keep payments in this SQLite file")
    parser.add_argument("--webhook-url", metavar="URL", help="where events are posted to")
    parser.add_argument("--webhook-secret", default=Settings.webhook_secret, metavar="SECRET")
    parser.add_argument(
        "--webhook-backoff", type=float, default=1.0, metavar="SECONDS",
        help="the pause before the first retry; it doubles each time",
    )  # fmt: skip
    parser.add_argument(
        "--bank-delay", type=float, default=1.0, metavar="SECONDS",
        help="how long a bank takes over late decisions",
    )  # fmt: skip
    return parser.parse_args()


def loopback(host: str) -> str:
    """The address to listen on; the end of the program when others could reach it."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        if ipaddress.ip_address(address).is_loopback:
            return address
    except ValueError:
        pass
    sys.exit(f"{ABOUT}\nIt listens on the loopback interface only, not on {host}.")


def claimed(host: str, port: int) -> socket.socket:
    """A socket that holds the port, so that no second stand-in takes it.

    The server shares its ports (SO_REUSEPORT): two of them would take turns without an error. So
    the port is first tried alone, and then held by a socket that shares it but does not listen.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        claim = socket.socket(family)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        claim.bind((host, port))
    except OSError as error:
        sys.exit(f"Port {port} on {host} is not free: {error.strerror}.")
    return claim


def serve(host: str, port: int, settings: Settings) -> None:
    """One worker with blocking threads; a thread is cheap while a fault makes its call hang."""
    server = Server(
        "tools.standin",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        backlog=1024,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.critical,
        workers_kill_timeout=1,
    )
    server.serve(target_loader=partial(load, host, port, settings), wrap_loader=False)


def load(host: str, port: int, settings: Settings) -> "App":
    """In the worker: build the application, and end when the parent is gone."""
    from .app import App

    application = App(settings)
    for job in (partial(introduce, host, port, settings), end_with_parent):
        threading.Thread(target=job, daemon=True).start()
    return application


def introduce(host: str, port: int, settings: Settings) -> None:
    """Once it answers, say plainly what this is. Programs read the address in the first line."""
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.01)
    shown = f"[{host}]" if ":" in host else host
    print(
        f"Stripe stand-in (no real payments) at http://{shown}:{port}\n"
        f"  keys      {settings.secret_key}, {settings.publishable_key}\n"
        f"  webhooks  {settings.webhook_url or 'none'}\n"
        f"  state     {settings.state or 'in memory only'}",
        flush=True,
    )


def end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


if __name__ == "__main__":
    main()
