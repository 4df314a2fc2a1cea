"""Where the time of a request goes: each function's own time, given to the part that it belongs to.

What belongs to none (the standard library, built-in functions, small helpers of packages) is given
to who called it, in proportion.
"""

from __future__ import annotations

import cProfile
import pstats
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

Function = tuple[str, int, str]  # file, line, name
Stats = Mapping[Function, tuple[Any, ...]]  # as pstats has them
ROUNDS = 12  # how far time is handed on from caller to caller
OTHER = "other"

# The first that is found in a file's path. Files of ours that are not here are their room.
PARTS = {
    part: re.compile(pattern)
    for part, pattern in {
        "middleware": r"/django/middleware/|moviereservation/web/middleware\.py|/csp/|/whitenoise/"
        r"|/django/contrib/(sessions|messages|auth)/middleware",
        "log-in": r"accounts/credentials/|/rest_framework_simplejwt/|/jwt/|/django/contrib/auth/",
        "SQL: driver": r"/MySQLdb/",
        "SQL: Django's ORM": r"/django/db/models/|/django/db/models\.py",
        "SQL: Django's connection, ours above it": r"/django/db/|moviereservation/db/(?!cache)",
        "Stripe": r"/stripe/|/requests/|/urllib3/|payments/(gateway|stripe_\w+)\b",
        "Redis": r"/redis/|/django_redis/|moviereservation/db/cache\.py|/django/core/cache/",
        "answer: serializing, rendering": r"/rest_framework/(serializers|fields|relations|renderers"
        r"|utils/(encoders|serializer_helpers|json))|/api/(\w*serializers)\.py"
        r"|/django/template/|/templates/",
        "REST framework": r"/rest_framework/|moviereservation/web/(parsers|routers)\.py",
        "Django: request, routing, answer": r"/django/(core|urls|http)/|moviereservation/wsgi\.py"
        r"|moviereservation/ready_answers",
    }.items()
}
# Built-in methods that wait for a server or for another thread.
BLOCKING = re.compile(r"'(query|next_result|store_result|recv|recv_into|poll|acquire|connect)' of")
OURS = re.compile(r"/(accounts|movies|payments|reservations|showtimes|moviereservation)/([\w]+)")


def profiled(work: Callable[[], Any], timer: Callable[[], float]) -> Stats:
    """Every function's own time by this clock, in seconds, and by whom it was called."""
    profile = cProfile.Profile(timer)
    profile.enable()
    try:
        work()
    finally:
        profile.disable()
    return dict(pstats.Stats(profile).stats)  # type: ignore[attr-defined]


def shared(stats: Stats, *, blocking: bool = False) -> dict[str, float]:
    """Give every function's own time to a part; only of those that may wait, if `blocking`."""
    shares = _shares(stats)
    totals: dict[str, float] = defaultdict(float)
    for function, (_calls, _all, own, _with, callers) in stats.items():
        if blocking and not BLOCKING.search(function[2]):
            continue
        part = part_of(function)
        if part is not None or not callers:
            totals[part or OTHER] += own
            continue
        for caller, (_c, _a, own_there, _w) in callers.items():
            for name, share in shares[caller].items():
                totals[name] += own_there * share
    return dict(totals)


def part_of(function: Function) -> str | None:
    """The part that a function belongs to; None for one that works for whoever calls it."""
    file = function[0]
    for part, pattern in PARTS.items():
        if pattern.search(file):
            return part
    if "site-packages" in file:
        return None
    ours = OURS.search(file)
    return f"{ours[1]}/{ours[2]}" if ours else None


def _shares(stats: Stats) -> dict[Function, dict[str, float]]:
    """For each function, by which parts it is called, directly or through others; in all 1."""
    shares: dict[Function, dict[str, float]] = {
        function: {part_of(function) or OTHER: 1.0} for function in stats
    }
    loose = [function for function in stats if part_of(function) is None and stats[function][4]]
    for _round in range(ROUNDS):
        for function in loose:
            callers = {caller: times[3] for caller, times in stats[function][4].items()}
            whole = sum(callers.values())
            mixed: dict[str, float] = defaultdict(float)
            for caller, time in callers.items():
                weight = time / whole if whole else 1 / len(callers)
                for part, share in shares[caller].items():
                    mixed[part] += weight * share
            shares[function] = dict(mixed)
    return shares
