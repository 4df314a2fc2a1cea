"""The back office's own log-in, guarded against guessing like every other log-in."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from accounts import sign_in
from accounts.errors import WrongLogin
from moviereservation.web.refusals import Refusal


class StaffLogInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            assert self.request is not None
            try:
                self.user_cache = sign_in.prove(self.request, email=email, password=password)
            except WrongLogin:
                raise self.get_invalid_login_error() from None
            except Refusal as refused:
                raise ValidationError(str(refused), code=refused.code) from None
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data
