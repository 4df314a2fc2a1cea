"""Lighthouse on what's on, a movie, its seats and a ticket: 98 in every category, or it fails.

The product as in production (DEBUG off) with the demo cinema, Chromium as a phone on a slow line,
and nothing from outside: Lighthouse itself comes from npm once, into var/lighthouse (`--program`
names another one). Of several runs of a page the median counts.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from benchmarks import product
from benchmarks.browsing import Visit
from benchmarks.table import drawn

VERSION = "12.8.2"  # the newest that runs on Node 20
FOLDER = product.ROOT / "var" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS = 4
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=3, help="of each page (3)")
    parser.add_argument("--least", type=int, default=98, help="of 100 in every category (98)")
    parser.add_argument("--desktop", action="store_true", help="a desktop instead of a phone")
    parser.add_argument("--program", default="", help="a Lighthouse that is there already")
    parser.add_argument("--keep", type=Path, help="a folder for the full reports (JSON)")


def run(options: Namespace) -> bool:
    program = options.program or installed()
    rows, told = [], []
    with product.running(database="sqlite", RATE_LIMITS="on") as shop:
        shop.manage("seed_demo")
        visit = Visit(shop)
        visit.log_in()
        for name, path in visit.pages().items():
            reports = [
                audit(program, shop.url + path, visit.cookies, options)
                for _run in range(options.runs)
            ]
            keep(options.keep, name, reports[-1])
            scores = [score(reports, category) for category in CATEGORIES]
            rows.append([name, *scores, *sizes(reports[-1])])
            told += [f"{name}: {line}" for line in findings(reports[-1], options.least)]
    print(drawn(["page", *CATEGORIES, "requests", "kB"], rows))
    print("\n".join(["", *told]) if told else "")
    return all(value >= options.least for row in rows for value in row[1:5])


def installed() -> str:
    """Lighthouse's program, from npm where it is not there yet."""
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        print(f"Fetching Lighthouse {VERSION} into {FOLDER} …", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", f"lighthouse@{VERSION}"],
            cwd=FOLDER, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"},
        )  # fmt: skip
    return str(program)


def audit(program: str, url: str, cookies: str, options: Namespace) -> dict[str, Any]:
    """One report. The cookies make the browser the guest whom the ticket belongs to.

    Chromium sometimes loses its trace on a busy machine, and Lighthouse asks to run it again.
    """
    for _attempt in range(ATTEMPTS):
        report = one_report(program, url, cookies, options)
        if "runtimeError" not in report:
            return report
    raise SystemExit(f"{url}: {report['runtimeError']['message']}")


def one_report(program: str, url: str, cookies: str, options: Namespace) -> dict[str, Any]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory(prefix="cinema-lighthouse-") as folder:
        report, headers = Path(folder, "report.json"), Path(folder, "headers.json")
        headers.write_text(json.dumps({"Cookie": cookies}))
        command = [
            program, url, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
            "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
            *(["--preset=desktop"] if options.desktop else []),
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": chromium}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(f"Lighthouse did not finish {url}:\n{done.stderr[-2000:]}")
        return dict(json.loads(report.read_text()))


def keep(folder: Path | None, name: str, report: dict[str, Any]) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name.replace(' ', '-')}.json").write_text(json.dumps(report, indent=1))


def score(reports: list[dict[str, Any]], category: str) -> int:
    """The median, of 100."""
    return round(100 * statistics.median(r["categories"][category]["score"] or 0 for r in reports))


def sizes(report: dict[str, Any]) -> tuple[int, int]:
    """Requests of the page, and what came over the wire, in kB."""
    items = report["audits"]["network-requests"]["details"]["items"]
    return len(items), round(sum(item["transferSize"] for item in items) / 1000)


def findings(report: dict[str, Any], least: int) -> list[str]:
    """Why a category fell short: its audits that count and were not passed, as Lighthouse says."""
    said = []
    for category in CATEGORIES:
        found = report["categories"][category]
        if (found["score"] or 0) * 100 >= least:
            continue
        for ref in found["auditRefs"]:
            one = report["audits"][ref["id"]]
            if ref["weight"] and one["score"] is not None and one["score"] < 0.98:
                said.append(f"{category}: {one['title']} {one.get('displayValue', '')}".rstrip())
    return said
