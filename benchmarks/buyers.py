"""Buyers: processes full of guests who want seats, and what became of their attempts."""

from __future__ import annotations

import multiprocessing
import queue
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.wire import Wire

SAY_EVERY = 30.0  # seconds between two lines about how far it is


@dataclass
class Job:
    """What one process of buyers does. Every thread is a guest at a time, in turn over `tokens`."""

    url: str
    stripe_url: str
    tokens: Sequence[str]
    showtimes: Sequence[int]
    labels: Sequence[str]
    seats: int = 2
    attempts: int = 100  # of the whole process
    threads: int = 8
    pay: bool = True
    seed: int = 0
    until: float = 0.0  # time.time() at which to stop; 0 for never


@dataclass
class Outcome:
    """Statuses by step, latencies in seconds by step, and the ids of what was confirmed."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    confirmed: list[int] = field(default_factory=list)
    attempts: int = 0

    def note(self, step: str, status: int, seconds: float) -> None:
        self.statuses[step, status] += 1
        self.seconds.setdefault(step, []).append(seconds)

    def add(self, other: Outcome) -> None:
        self.statuses += other.statuses
        self.attempts += other.attempts
        self.confirmed += other.confirmed
        for step, values in other.seconds.items():
            self.seconds.setdefault(step, []).extend(values)

    def percentile(self, step: str, share: float) -> float:
        """Seconds, or 0 where nothing was measured."""
        values = sorted(self.seconds.get(step, ()))
        return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def unleash(jobs: Sequence[Job]) -> tuple[Outcome, float]:
    """Let all processes of buyers loose at once; their outcome together, and how many seconds."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(len(jobs) + 1)
    results: Any = context.Queue()
    done = context.Value("q", 0)
    processes = [
        context.Process(target=_process, args=(job, gate, results, done), daemon=True)
        for job in jobs
    ]
    for process in processes:
        process.start()
    gate.wait()
    began = time.perf_counter()
    outcome = Outcome()
    waiting = len(processes)
    while waiting:
        try:
            outcome.add(results.get(timeout=SAY_EVERY))
            waiting -= 1
        except queue.Empty:
            wanted = sum(job.attempts for job in jobs)
            print(f"… {done.value} of {wanted} attempts", file=sys.stderr, flush=True)
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return outcome, seconds


def buy(job: Job, shop: Wire, stripe: Wire, token: str, chance: random.Random) -> Outcome:
    """One guest's attempt: hold, pay, confirm."""
    outcome = Outcome(attempts=1)
    first = chance.randrange(len(job.labels))
    seats = [job.labels[(first + n) % len(job.labels)] for n in range(job.seats)]
    wish = {"showtimeId": chance.choice(job.showtimes), "seats": seats}
    answer = _timed(outcome, "hold", shop, "/payment/create-payment-intent", wish, token)
    if answer is None or not job.pay:
        return outcome
    intent = answer["paymentIntentId"]
    began = time.perf_counter()
    status, _paid = stripe.form(
        f"/v1/payment_intents/{intent}/confirm", key="sk_test_standin",
        payment_method="pm_card_visa",
    )  # fmt: skip
    outcome.note("pay", status, time.perf_counter() - began)
    sold = _timed(outcome, "confirm", shop, "/reservations", {"paymentIntentId": intent}, token)
    if sold is not None and sold.get("state") == "confirmed":
        outcome.confirmed.append(sold["id"])
    return outcome


def _timed(
    outcome: Outcome, step: str, shop: Wire, path: str, body: Any, token: str
) -> dict[str, Any] | None:
    began = time.perf_counter()
    status, answer = shop.json("POST", path, body, token=token)
    outcome.note(step, status, time.perf_counter() - began)
    return answer if status in (200, 201, 202) and isinstance(answer, dict) else None


def _process(job: Job, gate: Any, results: Any, done: Any) -> None:
    total, lock = Outcome(), threading.Lock()
    left = [job.attempts]

    def guest(number: int) -> None:
        chance = random.Random(job.seed * 1000 + number)
        shop, stripe, mine = Wire(job.url), Wire(job.stripe_url), Outcome()
        while not job.until or time.time() < job.until:
            with lock:
                if left[0] <= 0:
                    break
                left[0] -= 1
                token = job.tokens[left[0] % len(job.tokens)]
            mine.add(buy(job, shop, stripe, token, chance))
            with done.get_lock():
                done.value += 1
        shop.close()
        stripe.close()
        with lock:
            total.add(mine)

    threads = [threading.Thread(target=guest, args=(n,)) for n in range(job.threads)]
    gate.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(total)
