"""A new password: chosen by who knows the old one, or by who reads the mail of the account."""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts import outbox, sign_in
from accounts.errors import DeadLink
from accounts.limits import LOG_INS_BY_EMAIL, RESETS_BY_ADDRESS, RESETS_BY_EMAIL
from accounts.models import ApiSession, User, canonical_email
from accounts.outbox import Content
from moviereservation.web.addresses import site_url

NOBODY = 0


class LinkTokens(PasswordResetTokenGenerator):
    def _now(self) -> datetime:
        """In UTC: by the local clock, a link of the night in which it is changed would be dead."""
        return datetime.now(UTC).replace(tzinfo=None)


link_tokens = LinkTokens()


def ask_for_reset(email: str, *, address: str, now: datetime) -> None:
    """Send a link to whoever has an account with this e-mail. Raises TooManyAttempts.

    For an unknown address a message is promised, too, and not written: neither the words nor the
    time tell who has an account.
    """
    RESETS_BY_ADDRESS.spend(address)
    RESETS_BY_EMAIL.spend(canonical_email(email))
    person = User.objects.named(email)
    outbox.enqueue(
        "password_reset",
        key=f"password-reset:{uuid.uuid4().hex}",
        now=now,
        good_for=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        user_id=person.pk if person else NOBODY,
    )


def whose_link(uid: str, token: str) -> User:
    """The person of a link that is still good. Raises DeadLink.

    The token is made from the password, the e-mail and the last log-in, so that it is dead as soon
    as one of them changes; using it changes the password.
    """
    try:
        key = int(urlsafe_base64_decode(uid).decode())
        person = User.objects.get(pk=key, is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        raise DeadLink from None
    if not link_tokens.check_token(person, token):
        raise DeadLink
    return person


def reset(uid: str, token: str, password: str, *, now: datetime) -> User:
    """Set the password of the person whom a link names. Raises DeadLink.

    Every session and every log-in of a program of theirs has ended then.
    """
    with transaction.atomic():
        # Of two who come with the same link, the second finds another password.
        person = whose_link(uid, token)
        list(User.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
        person = whose_link(uid, token)
        _set(person, password, now=now)
    LOG_INS_BY_EMAIL.forgive(person.email)
    return person


def change(person: User, old: str, new: str, *, now: datetime) -> None:
    """Choose another password. Raises WrongPassword, TooManyAttempts.

    Every session has ended then (the caller may keep its own), and every log-in of a program.
    """
    sign_in.prove_again(person, old)
    with transaction.atomic():
        _set(person, new, now=now)


def _set(person: User, password: str, *, now: datetime) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    # Sessions know the hash of the password; so do these, and an end is an end to look at, too.
    ApiSession.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
    outbox.enqueue(
        "password_changed", key=f"password-changed:{uuid.uuid4().hex}", now=now, user_id=person.pk
    )


@outbox.writer("password_reset")
def _email_to_reset(*, user_id: int) -> Content | None:
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None or not person.has_usable_password():
        return None
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = link_tokens.make_token(person)
    return Content(
        to=person.email,
        template="emails/password_reset",
        context={
            "person": person,
            "link": site_url(reverse("reset-link", args=[uid, token])),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        },
    )


@outbox.writer("password_changed")
def _email_password_changed(*, user_id: int) -> Content | None:
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return None
    link = site_url(reverse("reset"))
    return Content(person.email, "emails/password_changed", {"person": person, "link": link})
