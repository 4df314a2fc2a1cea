"""`/auth/…`: sign up, log in and out, the own profile."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts import personal_data, sign_in
from accounts.api.serializers import (
    LoggedInSerializer,
    LogInSerializer,
    ProfileSerializer,
    RefreshSerializer,
    SignUpSerializer,
    TokensSerializer,
    UserSerializer,
)
from accounts.credentials import tokens
from accounts.credentials.authentication import LeavingAuthentication
from accounts.errors import DeadToken, EmailTaken, WrongLogin
from moviereservation.web import general
from moviereservation.web.limits import TooManyAttempts, address_of
from moviereservation.web.refusals import refuses

# For who is about to log in: a token that is over keeps nobody out.
OPEN = {"authentication_classes": (), "permission_classes": (AllowAny,)}
LEAVING = {"authentication_classes": (LeavingAuthentication,), "permission_classes": (AllowAny,)}


class AuthViewSet(ViewSet):
    @extend_schema(request=SignUpSerializer, responses={201: LoggedInSerializer})
    @action(detail=False, methods=["post"], **OPEN)
    @refuses(EmailTaken, TooManyAttempts)
    def signup(self, request: Request) -> Response:
        """Register a new guest; the answer logs them in."""
        form = SignUpSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = sign_in.sign_up(**form.validated_data, address=address_of(request))
        pair = tokens.issue(user, now=timezone.now())
        return Response(LoggedInSerializer(pair).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=LogInSerializer, responses=LoggedInSerializer)
    @action(detail=False, methods=["post"], **OPEN)
    @refuses(WrongLogin, TooManyAttempts)
    def login(self, request: Request) -> Response:
        """Log in with e-mail and password."""
        form = LogInSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = sign_in.prove(request._request, **form.validated_data)
        return Response(LoggedInSerializer(tokens.issue(user, now=timezone.now())).data)

    @extend_schema(request=RefreshSerializer, responses=TokensSerializer)
    @action(detail=False, methods=["post"], **OPEN)
    @refuses(DeadToken)
    def refresh(self, request: Request) -> Response:
        """Trade a refresh token for a new pair. Each refresh token works once."""
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pair = tokens.rotate(form.validated_data["refreshToken"], now=timezone.now())
        return Response(TokensSerializer(pair).data)

    @extend_schema(request=RefreshSerializer, responses={204: None})
    @action(detail=False, methods=["post"], **LEAVING)
    @refuses(DeadToken, general.NotAuthenticated)
    def logout(self, request: Request) -> Response:
        """End a log-in: its token and its refresh token are dead. Either of them names it."""
        form = RefreshSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        raw_refresh = form.validated_data.get("refreshToken")
        if raw_refresh is None and request.auth is None:
            raise NotAuthenticated
        if raw_refresh is not None:
            tokens.revoke(tokens.session_of_refresh(raw_refresh), now=timezone.now())
        if request.auth is not None:
            tokens.revoke(request.auth.session_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=UserSerializer)
    @action(detail=False)
    @refuses()
    def me(self, request: Request) -> Response:
        """The person who is logged in."""
        return Response(UserSerializer(request.user).data)

    @extend_schema(request=ProfileSerializer, responses=UserSerializer)
    @me.mapping.patch
    @refuses()
    def change_me(self, request: Request) -> Response:
        """Change one's own name."""
        form = ProfileSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for field, value in form.validated_data.items():
            setattr(request.user, field, value)
        request.user.save(update_fields=list(form.validated_data))
        return Response(UserSerializer(request.user).data)

    @extend_schema(responses={204: None})
    @me.mapping.delete
    @refuses()
    def erase_me(self, request: Request) -> Response:
        """Erase oneself. What was bought stays in the accounts, without the person."""
        personal_data.erase(request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
