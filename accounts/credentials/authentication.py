"""`Authorization: Bearer …` for the API; the browser's session cookie is not looked at there."""

from django.utils import timezone
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.tokens import Token

from accounts.credentials.tokens import person_of, session_of
from accounts.errors import DeadToken
from accounts.models import User


class BearerAuthentication(JWTAuthentication):
    """simplejwt checks the signature and the time; the database says whether it still counts."""

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        try:
            return person_of(session_of(validated_token), now=timezone.now())
        except DeadToken as dead:
            raise AuthenticationFailed(str(dead), code=dead.code) from None


class LeavingAuthentication(BearerAuthentication):
    """For logging out: an access token that is over is as good as none, and keeps nobody in."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:  # type: ignore[override]
        try:
            return super().authenticate(request)  # type: ignore[return-value]
        except AuthenticationFailed:
            return None


# In the API's description the two are one scheme.
set_override(LeavingAuthentication, "suppress_collision_warning", True)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the API's description how to log in."""

    target_class = "accounts.credentials.authentication.BearerAuthentication"
    match_subclasses = True
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
