"""What an access token says, believed because we signed it."""

import functools
import uuid
from dataclasses import dataclass
from datetime import datetime

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts.errors import DeadToken

SESSION_CLAIM = "sid"
# A few megabytes. The least used goes first.
KNOWN_TOKENS = 4096


@dataclass(frozen=True)
class Claims:
    """`expires_at` is in seconds since 1970. Whether the log-in still counts, its row says."""

    session_id: uuid.UUID
    expires_at: float


def claims_of(raw_token: bytes, *, now: datetime) -> Claims:
    """What a token of ours says that is not over. Raises DeadToken.

    A signature is checked once in a process, the time always.
    """
    claims = _signed(raw_token)
    if claims.expires_at <= (now - api_settings.LEEWAY).timestamp():
        raise DeadToken
    return claims


def session_of(token: Token) -> uuid.UUID:
    """The id of the log-in that a checked token belongs to. Raises DeadToken."""
    try:
        return uuid.UUID(token[SESSION_CLAIM])
    except (KeyError, AttributeError, TypeError, ValueError):
        raise DeadToken from None


@functools.lru_cache(maxsize=KNOWN_TOKENS)
def _signed(raw_token: bytes) -> Claims:
    """What is refused here is not remembered: strangers can fill it with nothing."""
    try:
        token = AccessToken(raw_token)  # type: ignore[arg-type]
    except TokenError:
        raise DeadToken from None
    return Claims(session_of(token), float(token["exp"]))
