"""People on the wire."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from accounts.models import User
from moviereservation.web.text_fields import EmailText, Text


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name", "email", "role")
        read_only_fields = fields


class SignUpSerializer(serializers.Serializer[User]):
    name = Text(max_length=150)
    email = EmailText(max_length=254)
    # Hashing takes the whole password: a megabyte of it would be work for nothing.
    password = Text(max_length=1024, trim_whitespace=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(email=attrs["email"], name=attrs["name"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from None
        return attrs


class LogInSerializer(serializers.Serializer[User]):
    email = Text(max_length=254)
    password = Text(max_length=1024, trim_whitespace=False, write_only=True)


class RefreshSerializer(serializers.Serializer[User]):
    refreshToken = Text(max_length=4096)


class ProfileSerializer(serializers.Serializer[User]):
    """What a person may change about themself over the API."""

    name = Text(max_length=150, required=False)


class LoggedInSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)
    refreshToken = serializers.CharField(source="refresh_token", read_only=True)
    user = UserSerializer(read_only=True)


class TokensSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)
    refreshToken = serializers.CharField(source="refresh_token", read_only=True)
