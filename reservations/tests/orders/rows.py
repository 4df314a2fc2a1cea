"""The table of every order in docs/reliability.md, made of what the long campaign found.

    make test-mariadb ARGS="-m long reservations/tests/orders"  # notes rows in var/orders.jsonl
    python -m reservations.tests.orders.rows                    # writes them into the page

A row that was not run since is marked as such.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
NOTED = ROOT / "var" / "orders.jsonl"
PAGE = ROOT / "docs" / "reliability.md"
TABLE = re.compile(r"(?<=<!-- orders -->\n).*?(?=<!-- /orders -->)", re.DOTALL)
HEAD = (
    "| Pair and scene | Bound | Orders | Left | Steps | s | Wrong"
    " | Deaths: bound | Runs | Left | s | Wrong |\n" + "|---" * 12 + "|\n"
)
NOT_RUN = "not run"


def note(meeting: object, bound: int | None, outcome: Any, *, dying: bool) -> None:
    """Keep what was found, for the table."""
    found = {
        "meeting": str(meeting),
        "dying": dying,
        "bound": bound,
        "orders": outcome.orders,
        "left": outcome.left,
        "longest": outcome.longest,
        "seconds": round(outcome.seconds),
        "wrong": outcome.wrong,
    }
    NOTED.parent.mkdir(exist_ok=True)
    with NOTED.open("a") as file:
        file.write(f"{json.dumps(found)}\n")


def table(meetings: list[str]) -> str:
    """A row for each meeting: the deepest bound that was finished, and the same with deaths."""
    noted: dict[tuple[str, bool], dict[str, Any]] = {}
    for line in NOTED.read_text().splitlines() if NOTED.exists() else ():
        found = json.loads(line)
        before = noted.get((found["meeting"], found["dying"]))
        if before is None or _depth(found) >= _depth(before):
            noted[found["meeting"], found["dying"]] = found
    lines = []
    for name in meetings:
        alive, dying = noted.get((name, False)), noted.get((name, True))
        cells = [name, *_cells(alive, steps=True), *_cells(dying, steps=False)]
        lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


def _depth(found: dict[str, Any]) -> tuple[bool, float]:
    """What was wrong or left counts more than anything that was finished before it."""
    return bool(found["wrong"]), float("inf") if found["bound"] is None else found["bound"]


def _cells(found: dict[str, Any] | None, *, steps: bool) -> Iterator[str]:
    if found is None:
        yield from [NOT_RUN, *[""] * (5 if steps else 4)]
        return
    yield "all" if found["bound"] is None else str(found["bound"])
    yield str(found["orders"])
    yield str(found["left"])
    if steps:
        yield str(found["longest"])
    yield str(found["seconds"])
    yield "1" if found["wrong"] else "0"


def main() -> None:
    import django

    django.setup()
    from reservations.tests.orders.verbs import PAIRS, TRIPLES

    made = table([str(meeting) for meeting in [*PAIRS, *TRIPLES]])
    PAGE.write_text(TABLE.sub(lambda _old: made, PAGE.read_text()))
    sys.stdout.write(made)


if __name__ == "__main__":
    main()
