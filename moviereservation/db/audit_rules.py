"""What must never be true of our records. Each app declares its rules, and the audit asks them all.

A rule is a query that finds nothing when all is well. It is declared once, and read by
`manage.py audit` and by the front page of the back office, so that both mean the same by it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Housekeeping needs seconds: what waits for so long waits for a person.
STUCK_AFTER = timedelta(minutes=10)
EXAMPLES = 5
REPORT_IT = _("A program or a hand wrote what is not allowed: keep the records and report it.")

# A query, or a list of what is wrong with the database itself.
Broken = QuerySet[Any, Any] | list[str]
BrokenBy = Callable[[datetime], Broken]


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken_by` gives the records that break the rule at an instant.

    An invariant is checked by the audit. Trouble is what a person should look at although nothing
    is wrong with the records. A rule with `words` (`ngettext_lazy` of `n`) is shown on the front
    page, to whoever has the `permission`, with a link to the list at `address`.
    """

    name: str
    broken_by: BrokenBy
    to_do: str | Promise
    words: Promise | None = None
    permission: str = ""
    address: str = ""
    is_invariant: bool = True

    def in_words(self, count: int) -> str:
        return str(self.words % {"n": count}) if self.words else self.name

    @property
    def url(self) -> str:
        """`payments_refund_changelist?status__exact=due` as an address; "" without any."""
        view, _mark, query = self.address.partition("?")
        return f"{reverse(f'admin:{view}')}?{query}" if view else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken: how often, and some of the records that break it."""

    rule: Rule
    count: int
    examples: tuple[str, ...]


_rules: dict[str, Rule] = {}


def invariant(name: str, *, to_do: str | Promise, **shown: Any) -> Callable[[BrokenBy], BrokenBy]:
    """Declare that this query must never find anything. Usable as a decorator."""
    return _declaring(name, to_do=to_do, is_invariant=True, **shown)


def trouble(name: str, *, to_do: str | Promise, **shown: Any) -> Callable[[BrokenBy], BrokenBy]:
    """Declare that a person should look at what this query finds. Usable as a decorator."""
    return _declaring(name, to_do=to_do, is_invariant=False, **shown)


def rules() -> list[Rule]:
    """All of them in the order of their names: invariants by number, then trouble."""
    return sorted(_rules.values(), key=_place)


def invariants() -> list[Rule]:
    return [rule for rule in rules() if rule.is_invariant]


def findings(*, now: datetime) -> Iterator[tuple[Rule, Finding | None]]:
    """Every invariant in turn, with what breaks it, or None."""
    for rule in invariants():
        yield rule, _finding(rule, rule.broken_by(now))


def counted(broken: Broken) -> int:
    return len(broken) if isinstance(broken, list) else broken.count()


def _declaring(name: str, **attributes: Any) -> Callable[[BrokenBy], BrokenBy]:
    def declare(broken_by: BrokenBy) -> BrokenBy:
        if name in _rules:
            raise ValueError(f"there are two rules “{name}”")
        _rules[name] = Rule(name, broken_by, **attributes)
        return broken_by

    return declare


def _place(rule: Rule) -> tuple[bool, int, str]:
    number = re.match(r"\d*", rule.name)
    return not rule.is_invariant, int(number[0] or 0) if number else 0, rule.name


def _finding(rule: Rule, broken: Broken) -> Finding | None:
    rows: Iterable[Any] = broken[: EXAMPLES + 1]
    examples = tuple(str(row) for row in rows)
    if not examples:
        return None
    count = len(examples) if len(examples) <= EXAMPLES else counted(broken)
    return Finding(rule, count, examples[:EXAMPLES])
