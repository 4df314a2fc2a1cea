"""`.env.example` names every variable that is read, and none that is not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = (ROOT / "moviereservation/settings.py").read_text()
# Read by `manage.py run`, which starts the server.
RUN = (ROOT / "moviereservation/management/commands/run.py").read_text()
READ = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS)) | set(
    re.findall(r'(?:environ(?:\.get)?[(\[]|getenv\(|\benv(?:\.\w+)?\()\s*"([A-Z_]+)"', RUN)
)
NAMED = re.findall(r"^#?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)


def test_every_variable_that_is_read_is_named():
    assert READ - {name for name, _value in NAMED} == set()


def test_every_variable_that_is_named_is_read():
    assert {name for name, _value in NAMED} - READ == set()


def test_nothing_in_it_is_set_so_that_a_copy_is_still_the_demo():
    assert re.findall(r"^[A-Z_]+=.*$", EXAMPLE, re.MULTILINE) == []


def test_every_line_is_an_example_a_comment_or_empty():
    for line in EXAMPLE.splitlines():
        assert line == "" or line.startswith("#"), line


@pytest.mark.parametrize("name", ["SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"])
def test_no_real_secret_stands_in_it(name):
    values = {value for named, value in NAMED if named == name}
    assert values <= {"change-me", "sk_test_standin", "whsec_standin"}
