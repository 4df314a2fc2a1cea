"""Another e-mail address: asked for with the password, shown to be the guest's by a link.

The old address hears of the wish and of the change. Whether the new address belongs to an account
already is told to its owner alone.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import outbox, sign_in
from accounts.errors import DeadLink
from accounts.limits import EMAIL_CHANGES
from accounts.models import EmailChange, User, canonical_email
from accounts.outbox import Content
from moviereservation.web.addresses import site_url

SALT = "accounts.mailboxes"  # as in 1.0.0: links that it sent stay good
GOOD_FOR = timedelta(hours=24)


def ask_for_change(person: User, email: str, password: str, *, now: datetime) -> None:
    """Write to both addresses. Raises WrongPassword, TooManyAttempts.

    For an address that is taken it does the same, in the same time.
    """
    sign_in.prove_again(person, password)
    EMAIL_CHANGES.spend(str(person.pk))
    with transaction.atomic():
        change = EmailChange.objects.create(
            user=person, old_email=person.email, new_email=canonical_email(email), asked_at=now
        )
        for kind in ("email_change", "email_change_asked"):
            key = f"{kind}:{change.nonce}"
            outbox.enqueue(kind, key=key, now=now, good_for=GOOD_FOR, change_id=change.pk)


def pending(token: str, *, now: datetime) -> EmailChange:
    """What a link would change. Raises DeadLink."""
    try:
        nonce = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise DeadLink from None
    change = EmailChange.objects.select_related("user").filter(nonce=nonce).first()
    if change is None or not _is_good(change, now=now):
        raise DeadLink
    return change


def confirm(token: str, *, now: datetime) -> User:
    """Change the address. Raises DeadLink, also when somebody signed up with it meanwhile."""
    change = pending(token, now=now)
    try:
        with transaction.atomic():
            once = EmailChange.objects.filter(pk=change.pk, confirmed_at=None)
            person = User.objects.filter(pk=change.user_id, email=change.old_email)
            if not once.update(confirmed_at=now) or not person.update(email=change.new_email):
                raise DeadLink
            key = f"email_changed:{change.nonce}"
            outbox.enqueue("email_changed", key=key, now=now, change_id=change.pk)
    except IntegrityError:
        raise DeadLink from None
    return person.model.objects.get(pk=change.user_id)


def _is_good(change: EmailChange, *, now: datetime) -> bool:
    """Not used, not too old, and nothing was asked for since."""
    newer = EmailChange.objects.filter(user=change.user_id, pk__gt=change.pk)
    return (
        change.confirmed_at is None
        and now < change.asked_at + GOOD_FOR
        and change.user.is_active
        and change.user.email == change.old_email
        and not newer.exists()
    )


@outbox.writer("email_change")
def _email_to_confirm(*, change_id: int) -> Content | None:
    """Write to the new address: the link, or, if it has an account, that it has an account."""
    change = _change(change_id)
    if change is None or change.confirmed_at is not None:
        return None
    owner = User.objects.named(change.new_email)
    if owner is not None:
        link = site_url(reverse("log-in"))
        return Content(owner.email, "emails/email_taken", {"person": owner, "link": link})
    token = signing.dumps(change.nonce, salt=SALT)
    return Content(
        to=change.new_email,
        template="emails/email_change",
        context={"change": change, "link": site_url(reverse("email-confirm", args=[token]))},
    )


@outbox.writer("email_change_asked")
def _email_change_asked(*, change_id: int) -> Content | None:
    return _to_the_old_address(change_id, "emails/email_change_asked")


@outbox.writer("email_changed")
def _email_changed(*, change_id: int) -> Content | None:
    return _to_the_old_address(change_id, "emails/email_changed")


def _to_the_old_address(change_id: int, template: str) -> Content | None:
    change = _change(change_id)
    if change is None:
        return None
    link = site_url(reverse("reset"))
    return Content(change.old_email, template, {"change": change, "link": link})


def _change(change_id: int) -> EmailChange | None:
    """None when its person has gone since."""
    return EmailChange.objects.select_related("user").filter(pk=change_id).first()
