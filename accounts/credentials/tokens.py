"""JSON Web Tokens: an access token for requests, and a refresh token that works exactly once."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token

from accounts.errors import DeadToken
from accounts.models import ApiSession, User

SESSION_CLAIM = "sid"
# A client that sends the same refresh twice in a stutter is not a thief; whoever comes
# back with an old token later is treated as a thief (RFC 9700, 4.14.2).
STUTTER = timedelta(seconds=10)
# Of a person, what is text, number or flag in every database; the rest is read when it is wanted.
_WANTED = {"id", "email", "name", "password", "is_staff", "is_active", "is_superuser"}
_FIELDS = tuple(f.attname for f in User._meta.concrete_fields if f.attname in _WANTED)
_COLUMNS = ", ".join(f"u.{name}" for name in _FIELDS)


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


def revoke(session_id: str, *, now: datetime) -> None:
    """End a log-in: both its tokens are dead from now on. Ending it twice is ending it once."""
    ApiSession.objects.filter(pk=session_id, revoked_at=None).update(revoked_at=now)


def live_session(session_id: str, *, now: datetime) -> ApiSession:
    """The log-in and its person, in one query. Raises DeadToken."""
    session = ApiSession.objects.live(now=now).select_related("user").filter(pk=session_id).first()
    if session is None or not session.user.is_active:
        raise DeadToken
    if session.auth_hash != session.user.get_session_auth_hash():  # the password has changed
        raise DeadToken
    return session


def person_of(session_id: str, *, now: datetime) -> User:
    """Who is logged in with it. Raises DeadToken.

    The one query that every request of the API makes, and therefore written by hand.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.auth_hash, {_COLUMNS} FROM accounts_user u"
            " JOIN accounts_apisession s ON s.user_id = u.id"
            " WHERE s.id = %s AND s.revoked_at IS NULL AND s.expires_at > %s AND u.is_active",
            [
                ApiSession._meta.pk.get_db_prep_value(uuid.UUID(session_id), connection),
                connection.ops.adapt_datetimefield_value(now),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise DeadToken
    values = (
        bool(value) if name.startswith("is_") else value
        for name, value in zip(_FIELDS, row[1:], strict=True)
    )
    person = User.from_db(connection.alias, _FIELDS, tuple(values))
    if row[0] != person.get_session_auth_hash():
        raise DeadToken
    return person


def session_of(token: Token) -> str:
    """The id of the log-in that a checked token belongs to. Raises DeadToken."""
    try:
        return str(uuid.UUID(token[SESSION_CLAIM]))
    except (KeyError, AttributeError, TypeError, ValueError):
        raise DeadToken from None


def session_of_refresh(raw_refresh_token: str) -> str:
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
