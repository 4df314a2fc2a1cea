"""What the framework, the database or the request itself refuses: any operation may."""

from django.utils.translation import gettext_lazy as _

from moviereservation.web.refusals import Refusal


class General(Refusal):
    """The reference does not say of such a code which operations answer with it."""


class Invalid(General):
    code = "invalid"
    status = 400
    words = _("Some values are not valid.")
    meaning = "A value is not valid. `errors` says which field and why."


class Malformed(General):
    code = "malformed"
    status = 400
    words = _("The request is malformed.")
    meaning = "The body is no JSON object."


class NotAuthenticated(General):
    code = "not_authenticated"
    status = 401
    meaning = "No access token was sent."


class TokenNotValid(General):
    code = "token_not_valid"
    status = 401
    words = _("Log in to do this.")
    meaning = "The token is wrong, over, used up or revoked. Log in again."


class PermissionDenied(General):
    code = "permission_denied"
    status = 403
    words = _("This is not for you to do.")
    meaning = "The account may not do this."


class NotFound(General):
    code = "not_found"
    status = 404
    words = _("There is nothing here.")
    meaning = "It does not exist, or it is somebody else’s; nobody learns which."


class MethodNotAllowed(General):
    code = "method_not_allowed"
    status = 405
    meaning = "The address knows other methods: `Allow` names them."


class NotAcceptable(General):
    code = "not_acceptable"
    status = 406
    meaning = "Answers are JSON, and `Accept` asks for something else."


class TooLarge(General):
    code = "too_large"
    status = 413
    words = _("The request is too large.")
    meaning = "The body is larger than any honest one."


class UnsupportedMediaType(General):
    code = "unsupported_media_type"
    status = 415
    meaning = "Send `Content-Type: application/json`."


class InternalError(General):
    code = "internal_error"
    status = 500
    words = _("Something broke on our side. We are told of it.")
    meaning = "A fault of ours. We are told of it."


class Unavailable(General):
    code = "unavailable"
    status = 503
    words = _("The box office is catching its breath. Please try again in a moment.")
    meaning = "The database is away; nothing was changed. Wait for `Retry-After`."
    retry_after = 5
