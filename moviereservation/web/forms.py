"""What every form on a page of ours does."""

from collections.abc import Mapping
from typing import Any

from django import forms


class GuestForm(forms.Form):
    """Fields that name their own error and help for screen readers, and keep what was typed."""

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                break
