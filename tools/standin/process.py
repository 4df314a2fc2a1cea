"""A stand-in for a test or a benchmark: started on a free port, steered from Python, stopped.

    with running(webhook_url="http://127.0.0.1:8000/payment/webhook") as stripe:
        settings.STRIPE_API_BASE = stripe.url
        …
        stripe.confirm(intent_id)                                     # pays with pm_card_visa
        stripe.fault("POST /v1/payment_intents/*/capture", "error", after=True, times=1)

What a test sets up in it, `reset()` takes away.
"""

import json
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

from .settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0

Json = dict[str, Any]


class Refused(Exception):
    """The stand-in answered with an error: `status`, and `error` as Stripe words it."""

    def __init__(self, status: int, body: Json):
        error = body.get("error")
        super().__init__(f"{status} {error}")
        self.status = status
        self.error: Json = error if isinstance(error, dict) else {"message": error}


class Running:
    """A stand-in that answers at `url`."""

    secret_key = Settings.secret_key
    publishable_key = Settings.publishable_key

    def __init__(self, url: str, process: subprocess.Popen[str], webhook_secret: str):
        self.url = url
        self.process = process
        self.webhook_secret = webhook_secret

    def call(self, method: str, path: str, idempotency_key: str = "", **params: Any) -> Json:
        """One call of Stripe's API; nested parameters by their names in brackets, through `**`."""
        headers = {"Authorization": f"Bearer {self.secret_key}"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        form = urlencode(params)
        if method == "GET":
            return self.ask(method, f"{path}?{form}", None, headers)
        return self.ask(method, path, form.encode(), headers)

    def confirm(self, intent_id: str, payment_method: str = "pm_card_visa", **more: Any) -> Json:
        """Pay as the browser would; Refused when the card is declined."""
        path = f"/v1/payment_intents/{intent_id}/confirm"
        return self.call("POST", path, payment_method=payment_method, **more)

    def intent(self, intent_id: str) -> Json:
        return self.call("GET", f"/v1/payment_intents/{intent_id}")

    def authenticate(self, intent_id: str, passed: bool = True) -> Json:
        """Answer the 3-D Secure challenge."""
        return self.control("POST", f"/authenticate/{intent_id}", passed=passed)

    def expire(self, intent_id: str) -> Json:
        """Let an authorisation lapse, as a bank does after about seven days."""
        return self.control("POST", f"/expire/{intent_id}")

    def decide(self, refund_id: str, status: str) -> Json:
        """Settle a refund late: `succeeded` or `failed`."""
        return self.control("POST", f"/decide/{refund_id}", status=status)

    def fault(self, on: str, do: str, **settings: Any) -> Json:
        """Add a rule; see `tools.standin.faults` for the scenarios."""
        return self.control("POST", "/faults", on=on, do=do, **settings)

    def clear_faults(self) -> None:
        self.control("DELETE", "/faults")

    def webhooks(self, **changes: Any) -> Json:
        """Change `url`, `secret` or `paused`; answer what is held and the last attempts."""
        return self.control("POST", "/webhooks", **changes)

    def flush(self, order: str = "sent", copies: int = 1, seed: int = 0) -> list[Json]:
        """Deliver held webhooks now (`sent`, `reverse`, `shuffled`); answer each result."""
        answer = self.control("POST", "/webhooks/flush", order=order, copies=copies, seed=seed)
        return list(answer["sent"])

    def send(self, *events: str) -> list[Json]:
        """Deliver these events now, in this order, whether or not they were delivered before."""
        return list(self.control("POST", "/webhooks/send", events=events)["sent"])

    def wait_for_webhooks(self) -> None:
        """Until none is under way any more; TimeoutError when they are not taken."""
        for _ in range(1000):
            if not self.webhooks()["under_way"]:
                return
            time.sleep(0.01)
        raise TimeoutError("There are still webhooks under way.")

    def events(self, kind: str = "") -> list[Json]:
        """The last hundred events, oldest first; `kind` may end in `*`."""
        wanted = {"type": kind} if kind else {}
        return list(reversed(self.call("GET", "/v1/events", limit=100, **wanted)["data"]))

    def calls(self) -> list[Json]:
        """The last thousand calls of the API: method, path, status, idempotency_key."""
        return list(self.control("GET", "/calls")["calls"])

    def state(self) -> Json:
        return self.control("GET", "")

    def reset(self) -> None:
        """Forget payments, events, keys and faults. Webhooks go where they went."""
        self.control("POST", "/reset")

    def control(self, method: str, path: str, **wanted: Any) -> Json:
        body = json.dumps(wanted).encode() if method == "POST" else None
        return self.ask(method, f"/_standin{path}", body, {"Content-Type": "application/json"})

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Json:
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with straight.open(request, timeout=PATIENCE) as answer:
                return dict(json.load(answer))
        except HTTPError as error:
            with error:
                raise Refused(error.code, json.load(error)) from None


@contextmanager
def running(
    port: int = 0,
    webhook_url: str | None = None,
    webhook_secret: str = Settings.webhook_secret,
    state: Path | str | None = None,
    webhook_backoff: float = 0.05,
    bank_delay: float = 0.05,
) -> Iterator[Running]:
    """A stand-in in its own process; port 0 takes a free one. Times in seconds."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tools.standin", "--port", str(port)),
            *("--webhook-secret", webhook_secret),
            *("--webhook-backoff", str(webhook_backoff), "--bank-delay", str(bank_delay)),
            *(("--webhook-url", webhook_url) if webhook_url else ()),
            *(("--state", str(Path(state).resolve())) if state else ()),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        stripe = Running(address_of(process), process, webhook_secret)
        stripe.state()
        yield stripe
    finally:
        stop(process)


def address_of(process: subprocess.Popen[str]) -> str:
    """The address in the first line that the process says. RuntimeError when it says none."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline() if ready else ""
    if "http://" not in line:
        raise RuntimeError("The Stripe stand-in did not start.")
    return line.split()[-1]


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
