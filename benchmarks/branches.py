"""The product at every node of a cluster: a web server and housekeeping each, and one Stripe."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.galera import Node
from benchmarks.product import Product
from tools.private_servers import free_port
from tools.standin.process import running as standin_running

PRODUCT = "moviereservation.wsgi:application"
HOUSEKEEPING = 2.0  # seconds between two rounds
# A read waits until everything that was committed anywhere before it has arrived.
CAUSAL = "?wsrep_sync_wait=1"


@contextlib.contextmanager
def running(nodes: Sequence[Node]) -> Iterator[list[Product]]:
    """One product for each node, on the same records, without Redis. Stops everything."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cinema-branches-")))
        ports = [free_port() for _node in nodes]
        stripe = stack.enter_context(
            standin_running(webhook_url=f"http://127.0.0.1:{ports[0]}/payment/webhook")
        )
        branches = [
            Product(
                url=f"http://127.0.0.1:{port}",
                port=port,
                environment={
                    **os.environ, "VAR_DIR": str(folder), "PORT": str(port), "DEMO": "on",
                    "SECRET_KEY": "", "RATE_LIMITS": "off", "STRIPE_API_BASE": stripe.url,
                    "REDIS_URL": "", "DATABASE_URL": node.url + CAUSAL,
                },
                stripe=stripe,
                servers=None,
                workers=1,
                log=folder / f"{node.name}.log",
            )
            for node, port in zip(nodes, ports, strict=True)
        ]  # fmt: skip
        for branch in branches:
            stack.callback(branch.stop)
        branches[0].manage("migrate", "--verbosity", "0")
        branches[0].manage("collectstatic", "--noinput", "--verbosity", "0")
        open_all(branches)
        yield branches


def open_all(
    branches: Sequence[Product], *, causal: bool = True, application: str = PRODUCT
) -> None:
    """Start all, or start all again, with or without causal reads."""
    for branch in branches:
        branch.stop()
        url = branch.environment["DATABASE_URL"].removesuffix(CAUSAL)
        branch.environment["DATABASE_URL"] = url + (CAUSAL if causal else "")
        branch.start_web(application)
        branch.start_housekeeping(HOUSEKEEPING)
