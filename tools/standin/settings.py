"""What a stand-in is started with."""

from dataclasses import dataclass

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class Settings:
    """Times are seconds. `state` is a path to an SQLite file, or None to forget at the end."""

    state: str | None = None
    webhook_url: str | None = None
    webhook_secret: str = "whsec_standin"
    webhook_backoff: float = 1.0
    bank_delay: float = 1.0
    secret_key: str = "sk_test_standin"
    publishable_key: str = "pk_test_standin"
