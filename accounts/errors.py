"""What guests are told when an account says no."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from moviereservation.web.general import TokenNotValid
from moviereservation.web.refusals import Refusal


class WrongLogin(Refusal):
    code = "wrong_login"
    status = 401
    words = _("E-mail and password do not belong together.")
    meaning = "E-mail and password do not belong together. Which is wrong is not told."


class EmailTaken(Refusal):
    code = "email_taken"
    status = 409
    words = _("There is an account with this e-mail already. Log in instead.")
    meaning = "There is an account with this e-mail address, in whatever spelling."

    @property
    def extra(self) -> dict[str, Any]:
        return {"errors": {"email": [str(self)]}}


class WrongPassword(Refusal):
    code = "wrong_password"
    status = 403
    words = _("This is not your password.")
    meaning = "The password that was asked for again is not this account’s."


class DeadLink(Refusal):
    """Used before, overtaken by a newer link, too old, or never ours: nobody learns which."""

    code = "dead_link"
    status = 410
    words = _("This link does not work any more. Ask for a new one.")
    meaning = "The link of an e-mail was used before, or is too old."


class DeadToken(Refusal, variant_of=TokenNotValid):
    words = _("This token is not valid any more. Log in again.")
