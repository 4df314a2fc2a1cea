"""People in the back office: managers look, owners decide who works here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User, canonical_email
from moviereservation.web.admin.long_lists import LongList


class OneSpelling(forms.ModelForm):
    """Looks for an e-mail address that is taken in the one spelling in which it is stored."""

    def clean_email(self) -> str:
        return canonical_email(self.cleaned_data["email"])


class NewPersonForm(OneSpelling, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(OneSpelling, UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "password", "is_active", "is_staff", "groups", "is_superuser",
                  "user_permissions")  # fmt: skip


@admin.register(User)
class PersonAdmin(LongList, UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    ordering = ("name", "pk")
    list_display = ("name", "email", "roles", "is_active", "last_login")
    list_display_links = ("name", "email")
    list_filter = ("groups", "is_staff", "is_active")
    search_fields = ("^name", "^email")
    search_help_text = _("The beginning of a name or of an e-mail address.")
    readonly_fields = ("last_login", "created_at")
    filter_horizontal = ("groups", "user_permissions")
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        # Who only looks has no use for what can be told of a password.
        person = ("email", "name", "password") if _is_owner(request) else ("email", "name")
        work = ("is_active", "is_staff", "groups")
        rights = ("is_superuser", "user_permissions")
        return (
            (None, {"fields": person}),
            (_("Work"), {"fields": work, "description": _(
                "The groups say what somebody may do. Without “may open the back office” they "
                "say it to the API and at the door only."
            )}),
            *([(_("Beyond the groups"), {"fields": rights, "classes": ("collapse",)})]
              if _is_owner(request) else []),
            (_("Dates"), {"fields": ("created_at", "last_login")}),
        )  # fmt: skip

    @admin.display(description=_("works as"))
    def roles(self, person: User) -> str:
        groups = sorted(group.name for group in person.groups.all())
        return ", ".join([str(_("owner")), *groups] if person.is_superuser else groups)

    # Whoever can write here could make themself anything: it takes an owner, not a permission.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_owner(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_owner(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: what somebody bought stays in the accounts. An account is switched off."""
        return False


def _is_owner(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
