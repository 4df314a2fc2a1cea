"""The lock files say what the inputs say: who edits an input runs `make lock` as well."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = {
    "requirements.txt": "requirements.in",
    "requirements-sqlite.txt": "requirements.in",
    "requirements-dev.txt": "requirements-dev.in",
}
DRIVER = "mysqlclient"


def chosen(name: str) -> dict[str, str]:
    """Package → version of an input."""
    lines = (ROOT / name).read_text().splitlines()
    pins = [line.partition("#")[0].strip() for line in lines]
    return dict(pin.split("==") for pin in pins if pin)


def locked(name: str) -> dict[str, str]:
    """Package → its entry in a lock file: version, condition, hashes, for whom."""
    entries = re.findall(r"^([a-z0-9-]+)(==.*(?:\n +.*)+)", (ROOT / name).read_text(), re.MULTILINE)
    return dict(entries)


def version(entry: str) -> str:
    return re.split(r"[ ;\\]", entry.removeprefix("=="), maxsplit=1)[0]


@pytest.mark.parametrize(("lock", "source"), LOCK_FILES.items())
def test_a_lock_file_has_the_versions_of_its_input(lock: str, source: str) -> None:
    wanted = chosen(source)
    if lock == "requirements-sqlite.txt":
        del wanted[DRIVER]
    named = re.compile(rf"# via .*-r {re.escape(source)}")
    have = {name: version(entry) for name, entry in locked(lock).items() if named.search(entry)}
    assert have == wanted, "make lock"


@pytest.mark.parametrize("lock", LOCK_FILES)
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = locked(lock)
    assert len(entries) == len(re.findall("^[^ #\n]", (ROOT / lock).read_text(), re.MULTILINE))
    assert [name for name, entry in entries.items() if "--hash=sha256:" not in entry] == []


def test_without_the_driver_everything_else_is_the_same() -> None:
    everything = locked("requirements.txt")
    assert everything.pop(DRIVER)
    assert locked("requirements-sqlite.txt") == everything, "make lock"


def test_development_has_the_versions_of_the_product() -> None:
    product, development = locked("requirements.txt"), locked("requirements-dev.txt")
    both = product.keys() & development.keys()
    assert "pytest" in both
    assert {name: version(development[name]) for name in both} == {
        name: version(product[name]) for name in both
    }, "make lock"


@pytest.mark.parametrize("lock", LOCK_FILES)
def test_a_lock_file_names_no_index(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()
