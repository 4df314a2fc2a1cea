"""The person behind a request."""

from django.http import HttpRequest

from accounts.models import User


def guest_of(request: HttpRequest) -> User:
    """Who is logged in; to be asked only where a log-in is required."""
    if not isinstance(request.user, User):
        raise TypeError("this view must be behind a log-in")
    return request.user
