"""A Redis that is gone (nobody listens) or hangs (it takes the call and never answers)."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from django.conf import settings

AWAY = ("gone", "hanging")


@contextlib.contextmanager
def address(how: str) -> Iterator[str]:
    """The URL of such a Redis."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        if how == "hanging":
            listening.listen(128)
        yield f"redis://127.0.0.1:{port}/0"


def caches(url: str) -> dict[str, Any]:
    """settings.CACHES as in production, with this Redis."""
    redis = {
        "BACKEND": "moviereservation.db.cache.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "cinema",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2},
    }
    drawn = settings.CACHES["drawn"]  # in each process, whatever becomes of Redis
    return {"default": redis, "limits": redis | {"FALLBACK": True}, "drawn": drawn}
