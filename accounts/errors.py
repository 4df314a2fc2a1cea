"""What guests are told when an account says no."""

from typing import Any

from django.utils.translation import gettext as _


class AccountRefused(Exception):
    """A refusal with a sentence for the guest, a stable `code` and an HTTP status."""

    code = "account_refused"
    status = 400

    @property
    def extra(self) -> dict[str, Any]:
        return {}


class WrongLogin(AccountRefused):
    code = "wrong_login"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("E-mail and password do not belong together."))


class EmailTaken(AccountRefused):
    code = "email_taken"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("There is an account with this e-mail already. Log in instead."))

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {"email": [str(self)]}}


class WrongPassword(AccountRefused):
    code = "wrong_password"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("This is not your password."))


class DeadLink(AccountRefused):
    """Used before, overtaken by a newer one, too old, or never ours: nobody learns which."""

    code = "dead_link"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more. Ask for a new one."))


class DeadToken(AccountRefused):
    code = "token_not_valid"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("This token is not valid any more. Log in again."))


class TooManyAttempts(AccountRefused):
    """`retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(_("That was too often. Please try again in a while."))
