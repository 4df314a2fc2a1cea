"""Decisions are numbered without a gap, dated, and found from their list."""

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>.+)\n\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d) · "
    r"Status: (accepted|replaced by \[\d{4}\]\((?P<by>.+\.md)\))\n\n"
)


def test_no_number_is_left_out_or_given_twice() -> None:
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)
def test_a_decision_has_date_and_status_and_is_listed(decision: Path) -> None:
    head = HEAD.match(decision.read_text())
    assert head
    assert decision.name.startswith(f"{head['number']}-")
    assert date.fromisoformat(head["date"])
    assert head["by"] is None or (FOLDER / head["by"]).is_file()
    entry = f"- [{head['number']} {head['title']}]({decision.name})\n"
    assert entry in (FOLDER / "README.md").read_text()
