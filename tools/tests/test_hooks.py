"""What is checked before a commit is what `make check` checks."""

import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def hook_entries() -> set[str]:
    """The Makefile's targets that the hooks call."""
    configured = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    entries = [hook["entry"] for repo in configured["repos"] for hook in repo["hooks"]]
    assert all(re.fullmatch(r"make --no-print-directory [a-z-]+", entry) for entry in entries)
    return {entry.split()[-1] for entry in entries}


def commands(*targets: str) -> set[str]:
    """What `make` would run for them, without running it."""
    planned = subprocess.check_output(
        ["make", "--dry-run", "--no-print-directory", *targets], cwd=ROOT, text=True
    )
    return set(planned.splitlines())


def test_the_hooks_run_style_and_layers_as_the_check_does() -> None:
    assert commands(*hook_entries()) == commands("check-style", "check-layers")


def test_the_check_runs_style_and_layers() -> None:
    makefile = (ROOT / "Makefile").read_text()
    check = re.search(r"^check: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert check
    assert {"check-style", "check-layers"} <= set(check[1].split())
