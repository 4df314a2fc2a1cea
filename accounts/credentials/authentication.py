"""`Authorization: Bearer …` for the API; the browser's session cookie is not looked at there."""

from django.db import connection
from django.utils import timezone
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.credentials.claims import Claims, claims_of
from accounts.credentials.statements import person_from, person_statement
from accounts.errors import DeadToken
from accounts.models import User


class BearerAuthentication(BaseAuthentication):
    """The token says which log-in it is; the database, each time, whether that still counts."""

    def authenticate(self, request: Request) -> tuple[User, Claims] | None:
        try:
            raw_token = _bearer(request)
            if raw_token is None:
                return None
            now = timezone.now()
            claims = claims_of(raw_token, now=now)
            with connection.cursor() as cursor:
                cursor.execute(*person_statement(claims, now))
                return person_from(cursor.fetchone()), claims
        except DeadToken as dead:
            raise AuthenticationFailed(str(dead), code=dead.code) from None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class LeavingAuthentication(BearerAuthentication):
    """For logging out: an access token that is over is as good as none, and keeps nobody in."""

    def authenticate(self, request: Request) -> tuple[User, Claims] | None:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            return None


def _bearer(request: Request) -> bytes | None:
    """The token in the header; None where another scheme is, or none. Raises DeadToken."""
    scheme, *rest = request.META.get("HTTP_AUTHORIZATION", "").encode("latin-1").split() or [b""]
    if scheme != b"Bearer":
        return None
    if len(rest) != 1:
        raise DeadToken
    return bytes(rest[0])


# In the API's description the two are one scheme.
set_override(LeavingAuthentication, "suppress_collision_warning", True)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the API's description how to log in."""

    target_class = "accounts.credentials.authentication.BearerAuthentication"
    match_subclasses = True
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
