"""People on the wire."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from accounts.models import User


class StrictString(serializers.CharField):
    """A string, and not a number or a truth value that happens to print as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailAddress(serializers.EmailField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name", "email", "role")
        read_only_fields = fields


class SignUpSerializer(serializers.Serializer[User]):
    name = StrictString(max_length=150)
    email = EmailAddress(max_length=254)
    # Hashing takes the whole password: a megabyte of it would be work for nothing.
    password = StrictString(max_length=1024, trim_whitespace=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(email=attrs["email"], name=attrs["name"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from None
        return attrs


class LogInSerializer(serializers.Serializer[User]):
    email = StrictString(max_length=254)
    password = StrictString(max_length=1024, trim_whitespace=False, write_only=True)


class RefreshSerializer(serializers.Serializer[User]):
    refreshToken = StrictString(max_length=4096)


class ProfileSerializer(serializers.Serializer[User]):
    """What a person may change about themself over the API."""

    name = StrictString(max_length=150, required=False)


class LoggedInSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)
    refreshToken = serializers.CharField(source="refresh_token", read_only=True)
    user = UserSerializer(read_only=True)


class TokensSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)
    refreshToken = serializers.CharField(source="refresh_token", read_only=True)
