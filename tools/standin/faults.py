"""Trouble on demand: rules that say which calls or webhooks go wrong, and how.

    {"on": "POST /v1/payment_intents/*/capture", "do": "error", "status": 500, "after": true}
    {"on": "webhook payment_intent.*", "do": "repeat", "copies": 10}

`on` is a method and a path, where `*` stands for one part, `**` for anything and the method may be
`*`; or `webhook` and an event type. The first rule that matches, and has `times` left, applies.

| do             | what happens                                           | settings              |
|----------------|--------------------------------------------------------|-----------------------|
| slow           | the answer comes late                                  | seconds, after        |
| error          | the call is answered with a status of trouble          | status, after         |
| hang           | there is no answer, and at last the connection ends    | seconds, after        |
| cut            | the connection ends without an answer                  | after                 |
| refuse         | Stripe says no, and nothing changes                    | status, code, message |
| refund_pending | a refund stays pending until it is settled by hand     |                       |
| refund_fails   | a refund succeeds, and fails a little later            |                       |
| lose           | a webhook is never sent                                |                       |
| delay          | a webhook is sent late                                 | seconds               |
| repeat         | a webhook is sent several times                        | copies                |
| hold           | a webhook is kept until it is flushed, in any order    |                       |

`after` means: only when the call has done its work and it is committed. `times` is how often (for
ever when absent), `chance` a probability between 0 and 1.
"""

import itertools
import random
import re
import threading
from dataclasses import dataclass, field
from typing import Any

CALL_SCENARIOS = ("slow", "error", "hang", "cut", "refuse", "refund_pending", "refund_fails")
WEBHOOK_SCENARIOS = ("lose", "delay", "repeat", "hold")
SETTINGS = {
    "on": str, "do": str, "times": int, "seconds": float, "status": int, "after": bool,
    "code": str, "message": str, "copies": int, "chance": float,
}  # fmt: skip


class BadRule(ValueError):
    """The rule cannot be understood; the text says why."""


@dataclass(slots=True)
class Rule:
    on: str
    do: str
    times: int | None = None
    seconds: float | None = None
    status: int | None = None
    after: bool = False
    code: str | None = None
    message: str | None = None
    copies: int = 2
    chance: float = 1.0
    id: int = 0
    hits: int = 0
    pattern: re.Pattern[str] = field(default=re.compile(""), repr=False)
    cleared: threading.Event = field(default_factory=threading.Event, repr=False)

    def shown(self) -> dict[str, Any]:
        """The rule as JSON, with the number of its hits."""
        names = ("id", *SETTINGS, "hits")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class Faults:
    """The rules in force, in the order in which they were given."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: list[Rule] = []
        self.numbers = itertools.count(1)

    def add(self, wanted: dict[str, Any]) -> Rule:
        rule = checked(wanted)
        with self.lock:
            rule.id = next(self.numbers)
            self.rules.append(rule)
        return rule

    def clear(self, identifier: int | None = None) -> int:
        """Take away one rule or all; calls that hang because of them are let go."""
        with self.lock:
            gone = [rule for rule in self.rules if identifier in (None, rule.id)]
            self.rules = [rule for rule in self.rules if rule not in gone]
        for rule in gone:
            rule.cleared.set()
        return len(gone)

    def take(self, subject: str) -> Rule | None:
        """The rule for a `POST /v1/…` or a `webhook payment_intent.…`, used up by one."""
        if not self.rules:
            return None
        with self.lock:
            for rule in self.rules:
                if rule.times is not None and rule.hits >= rule.times:
                    continue
                if rule.pattern.fullmatch(subject) and random.random() < rule.chance:
                    rule.hits += 1
                    return rule
        return None


def checked(wanted: dict[str, Any]) -> Rule:
    """Build a rule; BadRule tells what is wrong with it."""
    for name, value in wanted.items():
        if name not in SETTINGS:
            raise BadRule(f"Unknown setting {name!r}; known are {', '.join(SETTINGS)}.")
        if value is not None and not fits(value, SETTINGS[name]):
            raise BadRule(f"{name!r} has to be of type {SETTINGS[name].__name__}.")
    if not wanted.get("on") or not wanted.get("do"):
        raise BadRule("A rule needs 'on' and 'do'.")
    rule = Rule(**{name: value for name, value in wanted.items() if value is not None})
    known = WEBHOOK_SCENARIOS if rule.on.startswith("webhook") else CALL_SCENARIOS
    if rule.do not in known:
        raise BadRule(f"{rule.do!r} is not one of {', '.join(known)}.")
    rule.pattern = re.compile(expression(rule.on))
    return rule


def fits(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def expression(on: str) -> str:
    """`POST /v1/refunds/*` as a regular expression; a bare subject means all of it."""
    subject, _, what = on.strip().partition(" ")
    if subject.startswith("/"):
        subject, what = "*", subject
    parts = {"**": ".*", "*": "[^/ ]*"}
    pieces = re.split(r"(\*\*|\*)", f"{subject} {what or '**'}")
    return "".join(parts.get(piece, re.escape(piece)) for piece in pieces)
