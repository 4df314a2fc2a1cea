"""JSON Web Tokens: an access token for requests, and a refresh token that works exactly once."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.credentials.claims import SESSION_CLAIM, session_of
from accounts.errors import DeadToken
from accounts.models import ApiSession, User

# A client that sends the same refresh twice in a stutter is not a thief; whoever comes
# back with an old token later is treated as a thief (RFC 9700, 4.14.2).
STUTTER = timedelta(seconds=10)


@dataclass(frozen=True)
class TokenPair:
    token: str
    refresh_token: str
    user: User


def issue(user: User, *, now: datetime) -> TokenPair:
    """A new log-in for a program."""
    session = ApiSession(
        user=user,
        auth_hash=user.get_session_auth_hash(),
        created_at=now,
        rotated_at=now,
        expires_at=now + api_settings.REFRESH_TOKEN_LIFETIME,
    )
    refresh = _refresh_token(session)
    session.refresh_jti = refresh["jti"]
    session.save(force_insert=True)
    return TokenPair(str(refresh.access_token), str(refresh), user)


def rotate(raw_refresh_token: str, *, now: datetime) -> TokenPair:
    """A new pair for a refresh token, which is used up by it. Raises DeadToken."""
    spent = _parse(raw_refresh_token)
    session = live_session(session_of(spent), now=now)
    fresh = _refresh_token(session)
    # Compare and set: of several requests at once with the same token, one wins.
    won = ApiSession.objects.filter(
        pk=session.pk, refresh_jti=spent["jti"], revoked_at=None
    ).update(refresh_jti=fresh["jti"], rotated_at=now)
    if not won:
        ApiSession.objects.filter(pk=session.pk, rotated_at__lt=now - STUTTER).update(
            revoked_at=now
        )
        raise DeadToken
    return TokenPair(str(fresh.access_token), str(fresh), session.user)


def revoke(session_id: uuid.UUID, *, now: datetime) -> None:
    """End a log-in: both its tokens are dead from now on. Ending it twice is ending it once."""
    ApiSession.objects.filter(pk=session_id, revoked_at=None).update(revoked_at=now)


def live_session(session_id: uuid.UUID, *, now: datetime) -> ApiSession:
    """The log-in and its person, in one query. Raises DeadToken."""
    session = ApiSession.objects.live(now=now).select_related("user").filter(pk=session_id).first()
    if session is None or not session.user.is_active:
        raise DeadToken
    if session.auth_hash != session.user.get_session_auth_hash():  # the password has changed
        raise DeadToken
    return session


def session_of_refresh(raw_refresh_token: str) -> uuid.UUID:
    """The id of the log-in that a refresh token belongs to. Raises DeadToken."""
    return session_of(_parse(raw_refresh_token))


def _parse(raw_refresh_token: str) -> RefreshToken:
    try:
        return RefreshToken(raw_refresh_token)  # type: ignore[arg-type]
    except TokenError:
        raise DeadToken from None


def _refresh_token(session: ApiSession) -> RefreshToken:
    token = RefreshToken.for_user(session.user)
    token[SESSION_CLAIM] = str(session.pk)
    return token
