"""Combinations of settings with which the box office does not start."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from moviereservation import startup_checks

ROOT = Path(__file__).resolve().parents[2]
LIVE = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": "a-long-random-value-of-the-cinema-s-own-7f3b",
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_STANDIN": False,
    "STRIPE_PUBLISHABLE_KEY": "pk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "STRIPE_API_BASE": "",
    "TAX_RATE_BASIS_POINTS": 1900,
}
DEMO = LIVE | {
    "DEMO": True,
    "STRIPE_SECRET_KEY": "sk_test_standin",
    "STRIPE_STANDIN": True,
    "STRIPE_API_BASE": "http://localhost:8001",
}


@pytest.mark.parametrize("settings", [LIVE, DEMO, DEMO | {"DEBUG": True}])
def test_what_is_safe_starts(settings):
    startup_checks.refuse_unsafe(settings)


@pytest.mark.parametrize(
    ("base", "unsafe", "named"),
    [
        (LIVE, {"SECRET_KEY": ""}, "SECRET_KEY"),
        (LIVE, {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (LIVE, {"SECRET_KEY": "change-me-" * 5}, "SECRET_KEY"),
        (LIVE, {"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY"),
        (
            LIVE,
            {"STRIPE_SECRET_KEY": "sk_test_standin", "STRIPE_STANDIN": True},
            "STRIPE_SECRET_KEY",
        ),
        (LIVE, {"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET"),
        (LIVE, {"STRIPE_PUBLISHABLE_KEY": ""}, "STRIPE_PUBLISHABLE_KEY"),
        (LIVE, {"STRIPE_API_BASE": "http://localhost:8001"}, "STRIPE_API_BASE"),
        (LIVE, {"DEBUG": True}, "DEBUG"),
        (DEMO, {"TAX_RATE_BASIS_POINTS": -1}, "TAX_RATE_BASIS_POINTS"),
        (LIVE, {"TAX_RATE_BASIS_POINTS": 10_100}, "TAX_RATE_BASIS_POINTS"),
        (DEMO, {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_STANDIN": False}, "STRIPE_SECRET_KEY"),
        (DEMO, {"STRIPE_SECRET_KEY": "rk_live_1", "STRIPE_STANDIN": False}, "STRIPE_SECRET_KEY"),
    ],
)
def test_what_is_unsafe_does_not_and_the_variable_is_named(base: dict[str, Any], unsafe, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        startup_checks.refuse_unsafe(base | unsafe)


@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({}, True),
        ({"DEMO": "off"}, False),
        ({"SECRET_KEY": LIVE["SECRET_KEY"]}, False),
        ({"SECRET_KEY": LIVE["SECRET_KEY"], "STRIPE_SECRET_KEY": "sk_test_standin"}, False),
    ],
)
def test_the_settings_themselves_are_asked(environment, starts, tmp_path):
    """In a process of its own, as it is started; a key of one's own means that it is no demo."""
    clean = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "STRIPE_API_BASE": ""}
    command = [sys.executable, "-c", "import moviereservation.settings"]
    ended = subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode == 0) == starts, ended.stderr
    if not starts:
        assert "The box office does not start like this." in ended.stderr
