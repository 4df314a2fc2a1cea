"""The product's code stays laid out as docs/architecture.md says."""

from pathlib import Path

import pytest

from tools import house

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ours():
    return house.measured(ROOT)


def test_no_folder_is_fuller_than_its_limit(ours):
    assert ours.full_folders == []


def test_no_module_is_longer_than_its_limit(ours):
    assert ours.long_modules == []


def test_few_bodies_are_longer_than_theirs(ours):
    assert len(ours.long_bodies) <= house.LONG_BODIES, ours.long_bodies


def test_what_is_too_much_is_found(tmp_path):
    """Tests and migrations do not count, settings may be long, a docstring is no line of a body."""
    app = tmp_path / "movies"
    long = 'def long() -> None:\n    """One.\n\n    Two.\n    """\n' + "    print()\n" * 26
    short = 'def short() -> None:\n    """One.\n\n    Two.\n    """\n' + "    print()\n" * 25
    files = {f"module_{number}.py": "" for number in range(14)}
    files |= {"long.py": "x = 1\n" * 251, "bodies.py": long + "\n\n" + short}
    files |= {"tests/test_long.py": "x = 1\n" * 999, "migrations/0001.py": long}
    for name, text in files.items():
        path = app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "moviereservation").mkdir()
    (tmp_path / house.SETTINGS).write_text("x = 1\n" * 999)
    found = house.measured(tmp_path)
    assert found.full_folders == [("movies", 16)]
    assert found.long_modules == [("movies/long.py", 251)]
    assert found.long_bodies == [("movies/bodies.py:1 long", 26)]
