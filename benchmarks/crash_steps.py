"""A web worker is killed at every place of hold, settle and cancel, one place after the other.

Somebody has to bring it to its end then: the guest who asks again, or Stripe's webhook, or only
the housekeeping, because the guest has gone and the webhook was lost.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from benchmarks import table
from benchmarks.deeds import DEEDS, Brink, Scene, chosen, deaths, places_of, send
from benchmarks.killing import Reaper

# Housekeeping leaves alone what is younger than half a minute: a short run has no time for it.
RESCUERS = ("guest", "webhook", "housekeeping")
A_MINUTE = 60.0


@dataclass
class Tally:
    """What came of one deed. `waits` are the seconds from each kill until all was settled."""

    places: int = 0
    kills: int = 0
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Victim:
    brink: Brink
    deed: str
    place: str
    rescuer: str
    killed_at: float


def kill_at_every_place(scene: Scene, reaper: Reaper, at_most: int | None) -> bool:
    """Print the table; True if everything was settled within a minute, and rightly."""
    scene.shop.stripe.webhooks(paused=True)
    places = {deed: places_of(scene, deed) for deed in DEEDS}
    tallies = {deed: Tally(len(places[deed])) for deed in DEEDS}
    wanted = chosen([(deed, place) for deed in DEEDS for place in places[deed]], at_most)
    rescuers = RESCUERS if at_most is None else RESCUERS[:2]
    victims: list[Victim] = []
    for number, (deed, place) in enumerate(wanted):
        victim = _kill(scene, deed, place, rescuers[number % len(rescuers)])
        if victim is not None:
            tallies[deed].kills += 1
            reaper.kills["web worker"] += 1
            _rescue(scene, victim, tallies[deed])
            victims.append(victim)
        victims = _watch(scene, victims, tallies)
    while victims:
        time.sleep(0.5)
        victims = _watch(scene, victims, tallies)
    scene.books.deliver_late()
    scene.shop.stripe.webhooks(paused=False)
    _draw(tallies)
    return not any(tally.wrong for tally in tallies.values())


def _kill(scene: Scene, deed: str, place: str, rescuer: str) -> Victim | None:
    """None when the request did not come to this place: that changes with what is cached."""
    brink, died = DEEDS[deed](scene), deaths(scene.shop)
    send(brink, scene.shop.url, die_at=place)
    if deaths(scene.shop) == died:
        return None
    return Victim(brink, deed, place, rescuer, time.monotonic())


def _rescue(scene: Scene, victim: Victim, tally: Tally) -> None:
    brink = victim.brink
    if victim.rescuer == "webhook":
        stripe = scene.shop.stripe
        intents = {entry.intent_id for entry in scene.books.entries([brink.guest.id])}
        stripe.send(*(e["id"] for e in stripe.events() if _subject(e) in intents))
    elif victim.rescuer == "guest":
        status, told = brink.guest.ask(brink.method, brink.path, brink.body, patience=A_MINUTE)
        if "held" in brink.ends and status in (200, 201):
            brink.guest.pay(told["paymentIntentId"])
            status, told = brink.guest.settle(told["paymentIntentId"], patience=A_MINUTE)
        right = (409,) if "lapsed" in brink.ends else (200, 201)
        if status not in right:
            tally.wrong.append(f"{victim.deed}, {victim.place}: told {status} {told}")


def _subject(event: dict) -> str | None:  # type: ignore[type-arg]
    """The intent that an event is about."""
    about = event["data"]["object"]
    return str(about["id"] if about["object"] == "payment_intent" else about["payment_intent"])


def _watch(scene: Scene, victims: list[Victim], tallies: dict[str, Tally]) -> list[Victim]:
    """Those that are not settled yet; the others are judged."""
    now = time.monotonic()
    entries = scene.books.entries({victim.brink.guest.id for victim in victims})
    waiting = []
    for victim in victims:
        own = [entry for entry in entries if entry.guest == victim.brink.guest.id]
        tally, waited = tallies[victim.deed], now - victim.killed_at
        if all(entry.is_settled for entry in own):
            tally.waits.append(waited)
            if own and (why := _misjudged(victim, own[-1].state)):
                tally.wrong.append(f"{victim.deed}, {victim.place}: {why}")
        elif waited > A_MINUTE:
            tally.wrong.append(
                f"{victim.deed}, {victim.place}: not settled: {'; '.join(map(str, own))}"
            )
        else:
            waiting.append(victim)
    return waiting


def _misjudged(victim: Victim, state: str) -> str:
    """Why this is not where it had to end; "" if it is."""
    ends = victim.brink.ends
    if victim.rescuer == "guest" and "held" in ends:
        ends = ("confirmed",)  # held again, and paid
    elif victim.rescuer != "guest" and victim.brink.method == "DELETE":
        ends = ("held", "confirmed", "cancelled")  # nobody was told that it was cancelled
    return "" if state in ends else f"{state}, rescued by {victim.rescuer}, not {' or '.join(ends)}"


def _draw(tallies: dict[str, Tally]) -> None:
    rows = []
    for deed, tally in tallies.items():
        waits = sorted(tally.waits)
        middle = f"{waits[len(waits) // 2]:.1f}" if waits else ""
        slowest = f"{waits[-1]:.1f}" if waits else ""
        rows.append((deed, tally.places, tally.kills, middle, slowest, len(tally.wrong)))
    head = ("killed while", "places", "kills", "settled after s, median", "slowest", "wrong")
    print(table.drawn(head, rows))
    for tally in tallies.values():
        print("".join(f"\nWRONG {wrong}" for wrong in tally.wrong), end="")
    print(flush=True)
