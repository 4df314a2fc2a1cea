"""What every test finds: fast passwords, a cache and files of its own, a stand-in for Stripe."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tools.standin.process import Running

# Playwright keeps an event loop in the thread of the test; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PATIENCE = 20_000  # milliseconds: on a busy machine a page shows late what it is expected to show
TEMPORARY = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        return  # pytest --help
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    serve_static_files_as_they_are(settings)
    folder = own_folder(config)
    settings.MEDIA_ROOT = folder / "media"
    keep_sqlite_in_a_file(settings.DATABASES, folder)
    empty_tables_as_migrations_left_them()
    if settings.REDIS_URL:
        give_each_worker_its_own_redis(settings.CACHES)


def pytest_unconfigure(config: pytest.Config) -> None:
    if TEMPORARY in config.stash:
        config.stash[TEMPORARY].cleanup()


def own_folder(config: pytest.Config) -> Path:
    """One for each worker: suites side by side share no file. All lie in the first one's."""
    if hasattr(config, "workerinput"):
        folder = Path(os.environ["CINEMA_TEST_FOLDER"], config.workerinput["workerid"])
        folder.mkdir()
        return folder
    temporary = tempfile.TemporaryDirectory(prefix="cinema-tests-", ignore_cleanup_errors=True)
    config.stash[TEMPORARY] = temporary
    os.environ["CINEMA_TEST_FOLDER"] = temporary.name
    return Path(temporary.name)


def serve_static_files_as_they_are(settings: Any) -> None:
    """Straight from the apps: nothing was collected, and what was last collected may be old."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def keep_sqlite_in_a_file(databases: dict[str, dict[str, Any]], folder: Path) -> None:
    """Several threads could not share a database in memory; a live server would even try to."""
    for name, database in databases.items():
        if database["ENGINE"].endswith("sqlite3"):
            database["NAME"] = str(folder / "unused.sqlite3")
            database.setdefault("TEST", {})["NAME"] = str(folder / f"{name}.sqlite3")


def empty_tables_as_migrations_left_them() -> None:
    """What Django does after a test with transactions of its own.

    The ledger refuses DELETE. The first ticket type is of a migration: every claim refers to it.
    """
    from django.db import connection

    from payments.tests.append_only import emptying

    operations, ledger = type(connection.ops), "payments_ledgerentry"
    flush = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = flush(self, style, [table for table in tables if table != ledger], **options)
        types = self.quote_name("showtimes_tickettype")
        return [
            f"{statement.rstrip(';')} WHERE id <> 1" if types in statement else statement
            for statement in [*emptying(self.connection, ledger), *statements]
        ]

    operations.sql_flush = sql_flush


def give_each_worker_its_own_redis(caches: dict[str, dict[str, Any]]) -> None:
    """Database 0, 1, … of the same server, so that one worker's clear() is not another's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for cache in caches.values():
        cache["LOCATION"] = f"{cache['LOCATION'].rpartition('/')[0]}/{worker}"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import caches

    from movies import cached_reads
    from reservations.booking import looks
    from showtimes.seat_plan import plan_at

    # What a process remembers: a rolled back test gives the same keys to other records.
    plan_at.cache_clear()
    looks._plan_seen.clear()
    cached_reads._recent = ("", 0.0)
    # All: a thread of an earlier test may have filled a cache that this thread has not used yet.
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_house() -> Iterator[None]:
    """A request leaves its language active in its thread, where the next test would find it."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of the machine; no sandbox, because in a container there is none for root."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser(browser: "Browser") -> "Browser":
    """The browser, which every expectation gives time enough."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    return browser


@pytest.fixture(scope="session")
def standin() -> Iterator["Running"]:
    """The Stripe stand-in, one process for all tests of a worker."""
    from tools.standin.process import running

    with running() as stripe:
        yield stripe


@pytest.fixture
def stripe_standin(standin: "Running", settings: Any, monkeypatch: pytest.MonkeyPatch) -> "Running":
    """The stand-in with no past, and the product pointed at it."""
    import stripe

    standin.reset()
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)  # seconds before a repetition
    directives = {
        name: [standin.url if source == settings.STRIPE_API_BASE else source for source in sources]
        for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    }
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    settings.STRIPE_API_BASE = standin.url
    settings.STRIPE_JS_URL = f"{standin.url}/stripe.js"
    settings.STRIPE_SECRET_KEY = standin.secret_key
    settings.STRIPE_PUBLISHABLE_KEY = standin.publishable_key
    settings.STRIPE_WEBHOOK_SECRET = standin.webhook_secret
    return standin
