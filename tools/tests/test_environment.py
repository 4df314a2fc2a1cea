"""tools/environment.sh on a machine without a compiler: the demo needs no driver for MySQL."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# All that the script may find there; no compiler, no pkg-config, no apt, no sudo.
PROGRAMS = ("sh", "cat", "cksum", "cp", "date", "dirname", "id", "mkdir", "rm", "sed", "tr")


@pytest.fixture(scope="module")
def bare_machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Its environment variables."""
    programs = tmp_path_factory.mktemp("bin")
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)
    # Ours, so that nothing is downloaded that is in its cache already.
    (programs / "uv").symlink_to(Path(sys.prefix, "bin", "uv"))
    return {
        **os.environ,
        "PATH": str(programs),
        "PYTHON": sys._base_executable,  # type: ignore[attr-defined]
        "CC": "gcc",
        # The cache may have what a compiler made before; here only built files count.
        "UV_NO_BUILD": "1",
        "DATABASE_URL": "",
    }


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, bare_machine: dict[str, str]
) -> tuple[Path, str]:
    """A copy of what the script reads, installed for the demo; and what it said meanwhile."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for lock in ROOT.glob("requirements*.txt"):
        shutil.copy(lock, folder)
    installed = make_environment(folder, bare_machine)
    assert installed.returncode == 0, installed.stderr
    return folder, installed.stdout


def make_environment(folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["tools/environment.sh", "run"],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_product_starts_without_a_compiler(
    checkout: tuple[Path, str], bare_machine: dict[str, str], tmp_path: Path
) -> None:
    folder, said = checkout
    assert "the MySQL driver is not installed; SQLite works" in said
    assert "Trying with pip" not in said
    has_driver = "import importlib.util as u; print(u.find_spec('MySQLdb') is not None)"
    python = folder / ".venv/bin/python"
    assert subprocess.check_output([python, "-c", has_driver], text=True) == "False\n"
    subprocess.run(
        [python, "manage.py", "check"],
        cwd=ROOT,
        env={**bare_machine, "VAR_DIR": str(tmp_path), "REDIS_URL": "", "SECRET_KEY": ""},
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_a_second_time_there_is_nothing_to_install(
    checkout: tuple[Path, str], bare_machine: dict[str, str]
) -> None:
    again = make_environment(checkout[0], bare_machine)
    assert again.returncode == 0
    assert "SQLite works" in again.stdout
    assert "Installing" not in again.stdout


def test_another_lock_file_is_installed(
    checkout: tuple[Path, str], bare_machine: dict[str, str]
) -> None:
    folder = checkout[0]
    lock = folder / "requirements-sqlite.txt"
    before = lock.read_text()
    lock.write_text(f"{before}# another\n")
    try:
        assert "Installing" in make_environment(folder, bare_machine).stdout
    finally:
        lock.write_text(before)


def test_whoever_wants_mysql_is_told_what_is_missing(
    checkout: tuple[Path, str], bare_machine: dict[str, str]
) -> None:
    variables = {**bare_machine, "DATABASE_URL": "mysql://cinema@127.0.0.1/cinema"}
    refused = make_environment(checkout[0], variables)
    assert refused.returncode == 1
    assert "libmariadb-dev pkg-config gcc" in refused.stderr


@pytest.mark.long  # uv refuses it, then pip is asked as well
def test_a_file_with_another_hash_is_not_installed(
    checkout: tuple[Path, str], bare_machine: dict[str, str], tmp_path: Path
) -> None:
    for name in ("tools", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).symlink_to(checkout[0] / name)
    (tmp_path / "requirements-sqlite.txt").write_text(f"segno==1.6.6 --hash=sha256:{'0' * 64}\n")
    refused = make_environment(tmp_path, bare_machine)
    assert refused.returncode == 1
    assert "could not be installed" in refused.stderr
