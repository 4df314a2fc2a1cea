"""A worker is stopped in the middle of a request, its hold ends meanwhile, and it is woken.

While it sleeps a rival asks for the same seats. Who gets them is open; that both do, that money is
kept for seats that went to the other, or that the rival waits for the sleeper is not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import MySQLdb

from benchmarks import table
from benchmarks.books import Books, Entry
from benchmarks.deeds import DEEDS, Answer, Scene, chosen, places_of, send
from benchmarks.killing import Reaper

SLEEPERS = ("hold", "settle", "cancel a sale")
KIND = (200, 201, 202, 402, 409, 503)  # what a sleeper may be told
RIVAL_WAITS = 30.0  # seconds at most
A_MINUTE = 60.0


@dataclass
class Tally:
    frozen: int = 0
    rival_won: int = 0
    sleeper: Counter[int] = field(default_factory=Counter)  # what it answered once woken
    waits: list[float] = field(default_factory=list)  # until the rival was told, seconds
    wrong: list[str] = field(default_factory=list)


def freeze_and_wake(scene: Scene, reaper: Reaper, at_most: int | None) -> bool:
    """Print the table; True if nobody lost or paid for nothing. Housekeeping runs at the end."""
    reaper.dismiss_housekeeping()
    scene.shop.stripe.webhooks(paused=True)
    tallies = {deed: Tally() for deed in SLEEPERS}
    for deed, tally in tallies.items():
        before = [place for place in places_of(scene, deed) if place.startswith("before")]
        for place in chosen(before, at_most):
            _freeze(scene, reaper, deed, place, tally)
    scene.books.end_holds()
    scene.books.deliver_late()
    scene.shop.stripe.webhooks(paused=False)
    scene.shop.start_housekeeping(reaper.every)
    _waited, unsettled = scene.books.wait_until_settled(A_MINUTE)
    _draw(tallies, unsettled)
    return not unsettled and not any(tally.wrong for tally in tallies.values())


def _freeze(scene: Scene, reaper: Reaper, deed: str, place: str, tally: Tally) -> None:
    brink, rival = DEEDS[deed](scene), scene.guest(timeout=3)
    answers: list[Answer] = []
    sleeper = threading.Thread(
        target=lambda: answers.append(send(brink, scene.shop.url, timeout=90, freeze_at=place))
    )
    sleeper.start()
    pid = reaper.frozen_worker(while_waiting=sleeper)
    if pid is None:  # the request did not come to this place
        sleeper.join()
        return
    tally.frozen += 1
    began = time.monotonic()
    try:
        _end_hold(scene.books, brink.guest.id)
        status, told = rival.hold(brink.showtime, brink.seats, patience=RIVAL_WAITS)
    finally:
        os.kill(pid, signal.SIGCONT)
    tally.waits.append(time.monotonic() - began)
    sleeper.join()
    tally.sleeper[answers[0].status] += 1
    where = f"{deed}, {place}: sleeper {answers[0].status}, rival {status}"
    if status in (200, 201):
        tally.rival_won += 1
        rival.pay(told["paymentIntentId"])
        status, told = rival.settle(told["paymentIntentId"])
        if status not in (200, 201):
            tally.wrong.append(f"{where}, who paid: {status} {told}")
    elif status != 409:
        tally.wrong.append(f"{where} {told}")
    if answers[0].status not in KIND:
        tally.wrong.append(f"{where}: {answers[0].body}")


def _end_hold(books: Books, guest: int) -> None:
    """As soon as the sleeper's transaction, if it is in one, lets go of the record."""
    until = time.monotonic() + RIVAL_WAITS
    while time.monotonic() < until:
        with contextlib.suppress(MySQLdb.OperationalError):
            books.end_holds([guest])
            return


def _draw(tallies: dict[str, Tally], unsettled: Sequence[Entry]) -> None:
    rows = [
        (
            deed, tally.frozen, tally.rival_won,
            ", ".join(f"{status}: {n}" for status, n in sorted(tally.sleeper.items())),
            f"{max(tally.waits, default=0):.1f}", len(tally.wrong),
        )
        for deed, tally in tallies.items()
    ]  # fmt: skip
    head = ("frozen while", "times", "rival got the seats", "sleeper was told",
            "rival waited at most s", "wrong")  # fmt: skip
    print(table.drawn(head, rows))
    for tally in tallies.values():
        print("".join(f"\nWRONG {wrong}" for wrong in tally.wrong), end="")
    print("".join(f"\nWRONG not settled: {entry}" for entry in unsettled), flush=True)
