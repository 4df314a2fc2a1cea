"""What our forms do on pages, and in the back office: a refusal stands next to its field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class GuestForm(forms.Form):
    """Fields that name their own error and help for screen readers, and keep what was typed."""

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                break


class TellsRefusal(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows why the rules refused it, if they did."""

    refused: tuple[str, str] | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refused is not None:
            field, sentence = self.refused
            self.add_error(field if field in self.fields else None, sentence)
        return cleaned


class RefusedNextToField(admin.ModelAdmin):  # type: ignore[type-arg]
    """Saves through rules that may refuse; then nothing is saved and the form comes back.

    The rules are asked where they belong, inside the transaction that saves. Their refusal has
    rolled it back when we hear of it, so the form is drawn in a second round.
    """

    form = TellsRefusal
    # What the rules raise, written for people.
    refusals: tuple[type[Exception], ...]
    # Where a refusal is shown that is not about one field.
    field_in_doubt: str

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.refusals as refused:
            field = getattr(refused, "field", "") or self.field_in_doubt
            request.refused = (field, str(refused))  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)  # a class made for this request alone
        return form
