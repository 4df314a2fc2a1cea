"""every figure of docs/performance.md, in one run, each with its aim and its floor.

    make bench                        the quick run, under three minutes
    make bench ARGS=long              more rounds and more of each
    make bench ARGS="long --write"    and its tables into docs/performance.md

The product runs as in production (granian, two workers of four threads, MariaDB that flushes every
commit, Redis, `DEBUG` off) with the stand-in for Stripe; its e-mail worker and its housekeeping are
left out. It ends with 1 when an aim is missed, and says which.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from benchmarks.figures import measuring, report
from benchmarks.figures.plan import SIZES
from benchmarks.product import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help="into docs/performance.md, too")


def run(options: Namespace) -> bool:
    """Print the tables; True if nothing went wrong and every aim was reached."""
    findings = measuring.measure(SIZES[options.name])
    text = report.report(findings, options.name)
    print(f"{text}\n")
    for wrong in findings.wrong:
        print(f"WRONG {wrong}")
    for row in report.missed(findings):
        print(f"not met: {row.what}")
    if options.write:
        report.write(text, DOCUMENT)
    return not findings.wrong and not report.missed(findings)
