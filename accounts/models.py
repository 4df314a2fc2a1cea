"""People: guests and staff, and the log-ins that programs hold for them."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.needs import Needs

MANAGER = "manager"
BOX_OFFICE = "box office"
DOOR = "door"


def canonical_email(email: str) -> str:
    """One spelling for one mailbox: who signs up as Ann@Example.org logs in as ann@example.org."""
    return email.strip().lower()


def new_nonce() -> str:
    """122 random bits."""
    return uuid.uuid4().hex


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=canonical_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def named(self, email: str) -> "User | None":
        """The active person with this e-mail, in whatever case."""
        try:
            person = self.get_by_natural_key(email)
        except self.model.DoesNotExist:
            return None
        return person if person.is_active else None

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
    created_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)
    # As `Needs` writes them. Here, and not in a table beside, so that no page asks twice.
    saved_needs = models.CharField(
        max_length=100, blank=True, default="", db_default="", editable=False
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar = [
            models.Index(fields=["name"]),
            models.Index(fields=["is_staff", "name"]),
            models.Index(fields=["is_active", "name"]),
        ]

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

    @property
    def needs(self) -> Needs:
        return Needs.read(self.saved_needs)


class EmailChange(models.Model):
    """A guest wants another e-mail address, and has yet to show that the new address is theirs."""

    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    # What the link in the e-mail says, signed; so a newer wish makes the older link worthless.
    nonce = models.CharField(max_length=32, unique=True, default=new_nonce)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change of e-mail")

    def __str__(self) -> str:
        return f"{self.user_id} since {self.asked_at:%Y-%m-%d}"


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


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def waiting(self) -> "OutgoingMessageQuerySet":
        """Neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def given_up(self) -> "OutgoingMessageQuerySet":
        return self.filter(sent_at=None).exclude(given_up_at=None)

    def due(self, *, now: datetime) -> "OutgoingMessageQuerySet":
        return self.waiting().filter(due_at__lte=now)

    def not_in_hand(self, *, now: datetime) -> "OutgoingMessageQuerySet":
        return self.exclude(taken_until__gt=now)

    def take(self, key: str, *, now: datetime, lease: timedelta) -> "OutgoingMessage | None":
        """Take a message that is due; nobody else gets it before the lease is over."""
        until = now + lease
        due = self.due(now=now).filter(key=key)
        # One statement looks and writes: of two workers, one finds that it is not due any more.
        if not due.update(due_at=until, taken_until=until, tries=models.F("tries") + 1):
            return None
        return self.get(key=key)


class Channel(models.TextChoices):
    """The way a message goes out."""

    EMAIL = "email"


class OutgoingMessage(models.Model):
    """One row of the outbox: promised in the transaction of what it tells of, written when sent."""

    # What must not be sent twice, such as `7K2M9QXB4T:confirmed`.
    key = models.CharField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    # What its writer is called with: keys of records, never a secret.
    about = models.JSONField(default=dict)
    language = models.CharField(_("language"), max_length=12)
    # The database's own default, too: 1.0.0 promises e-mails without naming a channel.
    channel = models.CharField(
        _("channel"),
        max_length=12,
        default=Channel.EMAIL,
        db_default=Channel.EMAIL,
    )
    posted_at = models.DateTimeField(_("promised"))
    # When it is tried next; while a worker has it, when another worker may.
    due_at = models.DateTimeField(_("due"))
    good_until = models.DateTimeField(_("good until"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.CharField(_("why not yet"), max_length=200, blank=True, db_column="trouble")
    # While a worker has it. `due_at` alone decides who may take it: that is what 1.0.0 looks at.
    taken_until = models.DateTimeField(null=True)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        # Table and column keep the names of 1.0.0: a rename for a word's sake is not worth a lock.
        db_table = "accounts_letter"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [models.Index(fields=["sent_at", "given_up_at", "due_at"])]

    def __str__(self) -> str:
        return self.key

    @property
    def standing(self) -> str:
        return "sent" if self.sent_at else "given_up" if self.given_up_at else "waiting"
