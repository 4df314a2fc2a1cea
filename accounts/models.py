"""People: guests and staff, and the log-ins that programs hold for them."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

MANAGER = "manager"
BOX_OFFICE = "box office"
DOOR = "door"


def canonical_email(email: str) -> str:
    """One spelling for one mailbox: who signs up as Ann@Example.org logs in as ann@example.org."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=canonical_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this e-mail. Raises DoesNotExist."""
        email = canonical_email(username or "")
        user = self.get(email=email)
        # MariaDB also finds look-alikes (“àlice”, invisible characters), and each of them would be
        # a fresh set of guesses at the same password.
        if user.email != email:
            raise self.model.DoesNotExist
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who books or works here. What staff may do, their Django groups say."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_staff = models.BooleanField(_("may open the back office"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = canonical_email(self.email)
        super().save(*args, **kwargs)

    @cached_property
    def role(self) -> str:
        """`admin` or `user`, as the API names it. Read from the groups, never from a token."""
        if self.is_superuser or self.groups.filter(name=MANAGER).exists():
            return "admin"
        return "user"


class ApiSessionQuerySet(models.QuerySet["ApiSession"]):
    def live(self, *, now: datetime) -> "ApiSessionQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiSession(models.Model):
    """One log-in of a program. Its tokens are worth what this row says, so they can be revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_sessions")
    # The one refresh token that may still be used, by its `jti`.
    refresh_jti = models.CharField(max_length=32)
    # Changes with the password, and then every token of before is dead.
    auth_hash = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=timezone.now)
    rotated_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ApiSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("API log-in")
        indexes: ClassVar = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.created_at:%Y-%m-%d}"
