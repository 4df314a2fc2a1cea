"""Signing up, and proving who somebody is: the rules that pages and API share."""

from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.errors import EmailTaken, WrongLogin, WrongPassword
from accounts.limits import (
    LOG_INS_BY_ADDRESS,
    LOG_INS_BY_EMAIL,
    PASSWORDS_AGAIN,
    SIGN_UPS,
)
from accounts.models import User, canonical_email
from moviereservation.web.limits import address_of


def sign_up(*, name: str, email: str, password: str, address: str) -> User:
    """A new guest. Raises EmailTaken, TooManyAttempts."""
    SIGN_UPS.spend(address)
    if User.objects.filter(email=canonical_email(email)).exists():
        raise EmailTaken
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name.strip())
    except IntegrityError:  # somebody signed up with it a moment ago
        raise EmailTaken from None


def prove(request: HttpRequest, *, email: str, password: str) -> User:
    """The person whom e-mail and password name. Raises WrongLogin, TooManyAttempts.

    An unknown e-mail costs a password check too (Django's backend sees to it), so that the time
    does not tell who has an account.
    """
    email = canonical_email(email)
    LOG_INS_BY_ADDRESS.spend(address_of(request))
    LOG_INS_BY_EMAIL.spend(email)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        raise WrongLogin
    LOG_INS_BY_EMAIL.forgive(email)
    return user


def prove_again(user: User, password: str) -> None:
    """Before what must not happen to somebody who left their browser open for a moment.

    Raises WrongPassword, TooManyAttempts.
    """
    PASSWORDS_AGAIN.spend(str(user.pk))
    if not user.check_password(password):
        raise WrongPassword
    PASSWORDS_AGAIN.forgive(str(user.pk))
