"""Every campaign in its short form: nothing is sold twice, lost or charged for nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# They start servers of their own, which only this part of the tests is sure to have.
needs_mariadb = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("mysql"), reason="campaigns need MariaDB"
)
pytestmark = [
    needs_mariadb,
    # One after the other: each alone is more than two cores' work.
    pytest.mark.xdist_group("campaigns"),
    pytest.mark.long,
]


SHORT = {
    "rush": ("--database", "mariadb", "--attempts", "200", "--buyers", "80"),
    "crash": (),
    "webhooks": (),
    "audit_million": ("--database", "mariadb", "--reservations", "2000"),
}


@pytest.mark.parametrize("campaign", SHORT)
def test_the_short_campaign_ends_well(campaign):
    ended = run(campaign, *SHORT[campaign])
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_three_nodes_of_a_cluster_sell_a_seat_once_and_without_its_key_twice():
    ended = run("cluster", "--skip-if-missing")
    assert ended.returncode == 0, ended.stdout + ended.stderr


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
