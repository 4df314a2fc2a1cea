"""What guests fill in about themselves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moviereservation.web.forms import GuestForm

MAX_PASSWORD = 1024


class LogInForm(GuestForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignUpForm(GuestForm):
    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        help_text=_("Your tickets are found under it."),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        # Kept when the page comes back with an error in another field (WCAG 3.3.7).
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not only digits, nothing that everybody uses."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            person = User(name=cleaned.get("name", ""), email=cleaned.get("email", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProfileForm(GuestForm):
    """The name, and what is needed every time (`accounts.models.Needs`)."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    more_time = forms.BooleanField(
        label=_("More time to book"),
        required=False,
        help_text=_("Your seats are held three times as long from the start."),
    )
    wheelchair = forms.BooleanField(
        label=_("A wheelchair space"),
        required=False,
        help_text=_("Free ones are offered to you first."),
    )
    companion = forms.BooleanField(
        label=_("A seat for a companion"),
        required=False,
        help_text=_("Next to the wheelchair space."),
    )
    captions = forms.BooleanField(
        label=_("Captions"),
        required=False,
        help_text=_("One click shows only showtimes with words on the picture."),
    )
    audio_description = forms.BooleanField(
        label=_("Audio description"),
        required=False,
        help_text=_("One click shows only showtimes with a narrator in headphones."),
    )

    @property
    def needs(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "name"]


class ResetForm(GuestForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(GuestForm):
    """A new password for `person`, who is known."""

    password = forms.CharField(
        label=_("New password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not only digits, nothing that everybody uses."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, person: User, **kwargs: Any
    ) -> None:
        self.person = person
        super().__init__(data, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("The password you have now"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old", "password"]


class ProvingForm(GuestForm):
    password = forms.CharField(
        label=_("Your password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("So that nobody does this who only found your browser open."),
    )


class ChangeEmailForm(ProvingForm):
    email = forms.EmailField(
        label=_("New e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )
    field_order = ["email", "password"]
