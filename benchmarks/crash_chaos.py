"""Everything is killed at random while guests buy, pay and leave, and cancel.

What a guest was told must stay true, what was paid must be sold, and once MariaDB answers again
the next ticket is sold within five seconds.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks import table
from benchmarks.books import Books
from benchmarks.deeds import Scene
from benchmarks.guests import Guest
from benchmarks.killing import Reaper

THREADS = 6
THINKING = 0.6  # seconds between two guests of a thread, at most
LEAVES, CANCELS = 0.15, 0.2  # shares: pays and closes the browser; cancels what was bought
A_MINUTE = 60.0
FIRST_SALE = 5.0  # seconds after MariaDB's return
# How often each, of a hundred; a worker is back in a second, the database in two.
DIE = {"web worker": 59, "housekeeping": 12, "Redis": 12, "MariaDB": 11, "everything at once": 3,
       "hang Redis": 1, "hang MariaDB": 2}  # fmt: skip
HANG = 3.0  # seconds


@dataclass
class Told:
    """What guests were told and what they have paid for, by reservation."""

    confirmed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    calling_off: set[int] = field(default_factory=set)
    sold_at: list[float] = field(default_factory=list)  # monotonic
    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)


def kill_at_random(scene: Scene, reaper: Reaper, kills: int | None, seed: int = 1) -> bool:
    """Print the tables; True if everything told stayed true, in time."""
    told, over = Told(), threading.Event()
    guests = [
        threading.Thread(target=_buy_and_buy, args=(scene, told, over, random.Random(seed + n)))
        for n in range(THREADS)
    ]
    for guest in guests:
        guest.start()
    before, began = reaper.kills.copy(), time.monotonic()
    firsts = _kill(reaper, told, kills or 200, random.Random(seed))
    ended = time.monotonic()
    over.set()
    for guest in guests:
        guest.join()
    waited, wrong = _settle(scene.books, told)
    _draw(reaper.kills - before, reaper.hung, told, ended - began, waited, firsts, wrong)
    return not wrong and all(max(seconds) <= FIRST_SALE for seconds in firsts.values())


def _buy_and_buy(scene: Scene, told: Told, over: threading.Event, chance: random.Random) -> None:
    while not over.wait(chance.random() * THINKING):
        try:
            with _LOCK:
                guest = scene.guest()
                showtime, seats = next(scene.pairs)
        except StopIteration:
            return
        _buy(guest, showtime, seats, told, chance)
        with _LOCK:
            told.statuses += guest.statuses


_LOCK = threading.Lock()


def _buy(guest: Guest, showtime: int, seats: list[str], told: Told, chance: random.Random) -> None:
    status, held = guest.hold(showtime, seats)
    if status not in (200, 201):
        told.odd.append(f"hold: {status} {held}")
        return
    reservation, intent = held["reservation"]["id"], held["paymentIntentId"]
    if (status := guest.pay(intent)) != 200:
        told.odd.append(f"pay: {status}")
        return
    told.paid.append(reservation)
    if chance.random() < LEAVES:
        return
    status, sold = guest.settle(intent)
    if status not in (200, 201) or sold["state"] != "confirmed":
        told.odd.append(f"settle: {status} {sold}")
        return
    told.confirmed.append(reservation)
    told.sold_at.append(time.monotonic())
    if chance.random() < CANCELS:
        told.calling_off.add(reservation)
        status, answer = guest.cancel(reservation)
        if status == 200:
            told.cancelled.append(reservation)
        else:
            told.odd.append(f"cancel: {status} {answer}")


def _kill(reaper: Reaper, told: Told, kills: int, chance: random.Random) -> dict[str, list[float]]:
    """Kill so many; seconds from each return of MariaDB to the next sale, by what kept it away."""
    firsts: dict[str, list[float]] = {}
    enough = reaper.kills.total() + kills
    while reaper.kills.total() < enough:
        time.sleep(chance.uniform(0.1, 1.0))
        (what,) = chance.choices(list(DIE), list(DIE.values()))
        back = _kill_one(reaper, what, chance)
        if back is not None:
            firsts.setdefault(what, []).append(_first_sale(told, back))
    return firsts


def _kill_one(reaper: Reaper, what: str, chance: random.Random) -> float | None:
    """When MariaDB was back (monotonic), if it had been away."""
    pause = chance.uniform(0, 1)
    if what == "MariaDB":
        return reaper.database(pause=pause)
    if what == "hang MariaDB":
        return reaper.hang(reaper.servers.database, HANG)
    if what == "everything at once":
        return reaper.power_cut(pause=pause)
    if what == "hang Redis":
        reaper.hang(reaper.servers.redis, HANG)
    elif what == "Redis":
        reaper.redis(pause=pause)
    elif what == "housekeeping":
        reaper.housekeeping()
    else:
        reaper.web_worker(chance)
    return None


def _first_sale(told: Told, back: float) -> float:
    """Seconds until somebody was told again that they have their seats."""
    while time.monotonic() < back + A_MINUTE:
        if first := [at for at in told.sold_at if at > back]:
            return min(first) - back
        time.sleep(0.01)
    return A_MINUTE


def _settle(books: Books, told: Told) -> tuple[float, list[str]]:
    """Seconds until everything was settled, and what then is not as guests were told."""
    waited, waiting = books.wait_until_settled(A_MINUTE)
    entries = {entry.id: entry for entry in books.entries()}
    wrong = [*told.odd, *(f"not settled: {entry}" for entry in waiting)]
    for reservation in {*told.confirmed, *told.paid}:
        entry = entries.get(reservation)
        ends = ("confirmed", "cancelled") if reservation in told.calling_off else ("confirmed",)
        if entry is None or entry.state not in ends:
            wrong.append(f"paid, but {entry or f'{reservation} is lost'}")
    for reservation in told.cancelled:
        if entries[reservation].state != "cancelled":
            wrong.append(f"called off, but {entries[reservation]}")
    return waited, wrong


def _draw(
    kills: Counter[str],
    hung: Counter[str],
    told: Told,
    seconds: float,
    waited: float,
    firsts: dict[str, list[float]],
    wrong: list[str],
) -> None:
    print(table.drawn(("killed", "times"), [*kills.most_common(), ("in all", kills.total())]))
    also = ", ".join(f"{name} {count} times" for name, count in hung.items()) or "nothing"
    print(f"\nHung for {HANG:.0f} s: {also}. It took {seconds:.0f} s.\n")
    rows = [
        ("guests who paid", len(set(told.paid))),
        ("told that they have their seats", len(set(told.confirmed))),
        ("called it off", len(told.cancelled)),
        ("answers 503 or none, and asked again", told.statuses[503] + told.statuses[0]),
        ("all settled after the last kill, s", f"{waited:.1f}"),
        *((f"first sale after {what} was back, slowest of {len(all_)}, s", f"{max(all_):.1f}")
          for what, all_ in firsts.items()),
        ("wrong", len(wrong)),
    ]  # fmt: skip
    print(table.drawn(("", ""), rows))
    print("".join(f"\nWRONG {one}" for one in wrong), flush=True)
