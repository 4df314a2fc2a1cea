"""One call of the API: what was asked, by whom, and with which trouble in mind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .fields import Fields


@dataclass(slots=True)
class Call:
    """`public` is true for a browser: it holds a publishable key and a client secret only."""

    method: str
    path: str
    fields: Fields
    id: str = ""
    public: bool = False
    idempotency_key: str | None = None
    base: str = ""
    request_id: str = ""
    twist: str | None = None


@dataclass(slots=True)
class Answer:
    """`body` is what goes over the wire."""

    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)


Handler = Callable[..., dict[str, Any]]
