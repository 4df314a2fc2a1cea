"""The tables of a run, with what is said about them; printed, and written into a document."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import table
from benchmarks.figures import floors, plan
from benchmarks.figures.measuring import Findings
from benchmarks.figures.plan import Read, Row
from benchmarks.figures.samples import APP, DATABASE, LOAD, Sample, medians, short

BEGIN, END = "<!-- make bench: from here -->", "<!-- make bench: to here -->"
# What a 304 may cost more than its 200 before it counts as dearer: both are measured.
NOISE = 1.1
TREES = (APP, DATABASE, "redis", "stand-in", LOAD)
STEPS = ("whole booking", "on one showtime", "hold", "settle", "rush, an attempt", "raw SQL")


def report(findings: Findings, name: str) -> str:
    """All tables and sentences of a run with this name, as Markdown."""
    peer = floors.Peer.now(findings.calibrated.median)
    return "\n".join(
        [
            f"{floors.SAID} In this run it took {findings.calibrated.median:.4f} s"
            f" ({findings.calibrated.spread}), so that everything is taken {findings.factor:.2f}"
            f" times: a booking costs the peer {peer.booking_app:.2f} + {peer.booking_database:.2f}"
            f" ms (app + database), its movies {peer.movies:.3f} and its showtimes"
            f" {peer.showtimes:.3f} ms.",
            "",
            f"A {name} run of {datetime.now(UTC):%Y-%m-%d}. The machine's load average was"
            f" {os.getloadavg()[0]:.1f} at its end; the run alone makes about two.",
            "",
            _bookings(findings),
            "",
            _costs(findings),
            "",
            _reads(findings),
            "",
            "Where one booking and one read spend their time, in one process without a web server:",
            "",
            findings.profile,
        ]
    )


def is_met(row: Row, findings: Findings) -> bool:
    """Whether the median reaches the aim; what was not measured does not."""
    figure = findings.figures.get(row.key)
    if figure is None or not row.is_met(figure.median, findings.factor):
        return False
    if isinstance(row, Read) and row.tagged:
        same = findings.figures.get(f"{row.key} 304")
        return same is not None and same.median <= figure.median * NOISE
    return True


def missed(findings: Findings) -> list[Row]:
    return [row for row in (*plan.BOOKING, *plan.READS) if not is_met(row, findings)]


def write(text: str, document: Path) -> None:
    """Put the text between the two marks of the document; ValueError when it has none."""
    before, begin, rest = document.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document} has no marks {BEGIN} and {END}.")
    document.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}")


def _bookings(findings: Findings) -> str:
    rows = []
    for row in plan.BOOKING:
        figure = findings.figures.get(row.key)
        value, spread = (short(figure.median), figure.spread) if figure else ("not measured", "")
        rows.append((row.what, value, spread, _aim(row, findings), _beside(row, findings),
                     _verdict(row, findings)))  # fmt: skip
    return table.drawn(("a booking", "median", "spread", "aim here", "beside it", ""), rows)


def _aim(row: Row, findings: Findings) -> str:
    aim = short(row.aim_here(findings.factor))
    return f"≥ {aim}" if row.at_least else f"≤ {aim}"


def _verdict(row: Row, findings: Findings) -> str:
    return "met" if is_met(row, findings) else "not met"


def _beside(row: Row, findings: Findings) -> str:
    """The floor of the same run, in words."""
    raw = findings.samples.get("raw SQL")
    if not raw:
        return ""
    both = medians(raw, LOAD) + medians(raw, DATABASE)
    return {
        "both": f"raw SQL: {both:.2f} ms, client + database",
        "confirm": f"raw SQL: {_percentile(raw, 'settle', 0.5):.1f} ms",
        "commits": "raw SQL: 4",
    }.get(row.key, "")


def _costs(findings: Findings) -> str:
    rows = []
    for name in STEPS:
        samples = findings.samples.get(name, [])
        if samples:
            steps = [step for step in ("hold", "settle") if _has(samples, step)]
            rows.append((
                name, f"{statistics.median(sample.rate for sample in samples):.0f}",
                *(" · ".join(f"{_percentile(samples, step, share):.0f}" for step in steps)
                  for share in (0.5, 0.99)),
                *(f"{medians(samples, tree):.2f}" for tree in TREES),
            ))  # fmt: skip
    head = ("work", "a second", "p50 ms, hold · settle", "p99 ms", *TREES)
    return f"Milliseconds of CPU of each tree of processes:\n\n{table.drawn(head, rows)}"


def _reads(findings: Findings) -> str:
    bare = findings.samples["bare"]
    floor = medians(bare, APP)
    peer = floors.Peer.now(findings.calibrated.median)
    peers = {"movies_20": peer.movies, "times": peer.showtimes}
    rows = [_read("bare Django view", bare, floor, "", "", "", "")]
    for read in plan.READS:
        samples = findings.samples.get(read.key, [])
        same = findings.figures.get(f"{read.key} 304")
        told = f"{same.median:.3f}" if same else "none" if read.tagged else ""
        theirs = f"{peers[read.key]:.3f}" if read.key in peers else ""
        aim, verdict = _aim(read, findings), _verdict(read, findings)
        rows.append(_read(read.what, samples, floor, told, theirs, aim, verdict))
    head = ("read", "a second", "p50 ms", "p99 ms", "app CPU ms", "spread", "304: CPU ms",
            "of the bare view", "peer", "aim here", "")  # fmt: skip
    return table.drawn(head, rows)


def _read(
    what: str, samples: Sequence[Sample], floor: float, same: str, *rest: str
) -> tuple[str, ...]:
    if not samples:
        return (what, *[""] * 7, *rest)
    cpu = [sample.cpu[APP] for sample in samples]
    step = next(iter(samples[0].outcome.seconds))
    return (
        what, f"{statistics.median(sample.rate for sample in samples):.0f}",
        *(f"{_percentile(samples, step, share):.2f}" for share in (0.5, 0.99)),
        f"{statistics.median(cpu):.3f}", f"{min(cpu):.3f} – {max(cpu):.3f}", same,
        f"{statistics.median(cpu) / floor:.2f}", *rest,
    )  # fmt: skip


def _has(samples: Sequence[Sample], step: str) -> bool:
    return any(step in sample.outcome.seconds for sample in samples)


def _percentile(samples: Sequence[Sample], step: str, share: float) -> float:
    return statistics.median(sample.percentile(step, share) for sample in samples)
