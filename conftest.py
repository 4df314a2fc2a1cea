"""What every test finds: fast passwords, an empty cache of its own, and on request a Stripe stand-in."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from payments.standin.process import Running

# Playwright keeps an event loop in the thread of the test; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        return  # pytest --help
    # In a file: several threads of one test could not share a database in memory.
    for name, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            database.setdefault("TEST", {})["NAME"] = str(settings.VAR_DIR / f"test-{name}.sqlite3")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if settings.REDIS_URL:
        give_each_worker_its_own_redis(settings.CACHES)


def give_each_worker_its_own_redis(caches: dict[str, dict[str, Any]]) -> None:
    """Database 0, 1, … of the same server, so that one worker's clear() is not another's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for cache in caches.values():
        cache["LOCATION"] = f"{cache['LOCATION'].rpartition('/')[0]}/{worker}"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import caches

    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of the machine; no sandbox, because in a container there is none for root."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def standin() -> Iterator["Running"]:
    """The Stripe stand-in, one process for all tests of a worker."""
    from payments.standin.process import running

    with running() as stripe:
        yield stripe


@pytest.fixture
def stripe_standin(standin: "Running", settings: Any) -> "Running":
    """The stand-in with no past, and the product pointed at it."""
    standin.reset()
    settings.STRIPE_API_BASE = standin.url
    settings.STRIPE_JS_URL = f"{standin.url}/stripe.js"
    settings.STRIPE_SECRET_KEY = standin.secret_key
    settings.STRIPE_PUBLISHABLE_KEY = standin.publishable_key
    settings.STRIPE_WEBHOOK_SECRET = standin.webhook_secret
    return standin
