"""Importing the settings writes nothing; what is needed is made when it is needed."""

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from moviereservation import demo_secret

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = 8


@pytest.fixture
def var_dir(tmp_path):
    return tmp_path / "not" / "made"


def run(var_dir, *command, **more):
    """In a process of its own, as of somebody who has configured nothing but the folder."""
    environment = more | {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var_dir),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "moviereservation.settings",
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_whoever_imports_the_settings_has_written_nothing(var_dir, tmp_path):
    run(var_dir, "-c", "from django.conf import settings; assert settings.DEMO")
    assert list(tmp_path.iterdir()) == []


def test_the_demos_secret_is_made_when_something_is_signed(var_dir):
    sign = "from django.core import signing; print(signing.dumps(1))"
    read = "import sys; from django.core import signing; print(signing.loads(sys.argv[1]))"
    signed = run(var_dir, "-c", sign).strip()
    assert (var_dir / "secret_key").is_file()
    assert run(var_dir, "-c", read, signed).strip() == "1"


def test_the_database_is_made_with_its_folder(var_dir):
    run(var_dir, "manage.py", "showmigrations", "movies")
    assert (var_dir / "cinema.sqlite3").is_file()


def test_in_place_of_a_folder_that_is_missing_no_empty_cinema_opens(var_dir, tmp_path):
    elsewhere = tmp_path / "unmounted" / "cinema.sqlite3"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(var_dir, "manage.py", "showmigrations", "movies", DATABASE_URL=f"sqlite:///{elsewhere}")
    assert "unable to open database file" in failed.value.stderr
    assert not elsewhere.parent.exists()


def test_a_disk_without_links_keeps_a_secret_too(tmp_path, monkeypatch):
    def refuse(*_paths):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    first = demo_secret.of_this_machine(tmp_path)
    assert demo_secret.of_this_machine(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_demos_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = demo_secret.of_this_machine(tmp_path)
    assert len(first) >= 48
    assert demo_secret.of_this_machine(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert demo_secret.of_this_machine(tmp_path / "other") != first


def test_processes_that_start_together_have_the_same_secret(var_dir):
    barrier = Barrier(TOGETHER)

    def start(_number):
        barrier.wait()
        return demo_secret.of_this_machine(var_dir)

    for _round in range(20):
        with ThreadPoolExecutor(TOGETHER) as threads:
            (secret,) = set(threads.map(start, range(TOGETHER)))
        assert len(secret) >= 48
        assert [path.name for path in var_dir.iterdir()] == ["secret_key"]
        (var_dir / "secret_key").unlink()
