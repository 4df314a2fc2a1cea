"""What managers fill in: a seat plan as they see it, local times, prices in whole money."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moviereservation.web.forms import TellsRefusal
from showtimes import currencies, scheduling, seat_plan
from showtimes.errors import BadSeatPlan, NonexistentTime
from showtimes.formats import minor_digits
from showtimes.models import Auditorium, SeatKind, Showtime


class GridField(forms.CharField):
    """Lines end as they are stored, so that a plan nobody touched counts as unchanged."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return "\n".join(line.rstrip() for line in typed.splitlines())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class LabelsField(forms.CharField):
    """`C7 C8, D1`, in any spelling; cleaned to labels in the order in which they were typed."""

    widget = AdminTextInputWidget

    def clean(self, value: Any) -> list[str]:
        return labels_in(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(labels_in(initial or "")) != set(labels_in(data or ""))


def labels_in(text: str) -> list[str]:
    return list(dict.fromkeys(label for label in re.split(r"[\s,;]+", text.upper()) if label))


class AuditoriumForm(TellsRefusal):
    out_of_order = LabelsField(
        label=gettext_lazy("Out of order"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy(
            "Seats that are not sold until they are taken from this list, like “C7, C8”."
        ),
    )

    class Meta:
        model = Auditorium
        fields = ("name", "plan", "access_notes")
        field_classes: ClassVar = {"plan": GridField}
        widgets: ClassVar = {
            "plan": forms.Textarea(
                attrs={"class": "seat-grid", "rows": 18, "spellcheck": "false", "wrap": "off"}
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            broken = self.instance.seats.filter(out_of_order=True)
            self.initial["out_of_order"] = ", ".join(seat.label for seat in broken)

    def clean_plan(self) -> str:
        grid: str = self.cleaned_data["plan"]
        try:
            self.labels = {f"{seat.row}{seat.number}" for seat in seat_plan.read(grid)}
        except BadSeatPlan as refused:
            raise forms.ValidationError(str(refused)) from None
        return grid

    def clean_out_of_order(self) -> list[str]:
        broken: list[str] = self.cleaned_data["out_of_order"]
        unknown = [label for label in broken if label not in getattr(self, "labels", broken)]
        if unknown:
            raise forms.ValidationError(
                _("There is no such seat in the plan: %(seats)s.") % {"seats": ", ".join(unknown)}
            )
        return broken


class LocalStartField(forms.SplitDateTimeField):
    """Date and time at the cinema; one that the clocks skip is refused in the rules' words."""

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        if not data_list:
            return None
        try:
            return scheduling.local_start(*data_list)
        except NonexistentTime as refused:
            raise forms.ValidationError(str(refused)) from None


class PriceField(forms.DecimalField):
    """The price of one kind of seat as it is printed: `12.00`, or `1200` without any cents."""

    def __init__(self, kind: SeatKind) -> None:
        self.digits, step = minor_digits(), currencies.step(settings.CURRENCY)
        super().__init__(
            label=capfirst(kind.label),
            required=kind == SeatKind.STANDARD,
            min_value=self.printed(currencies.least(settings.CURRENCY)),
            max_value=self.printed(currencies.most(settings.CURRENCY)),
            step_size=self.printed(step) if step > 1 else None,
            decimal_places=self.digits,
        )

    def minor(self, price: Decimal) -> int:
        return int(price.scaleb(self.digits))

    def printed(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.digits)


class ShowtimeForm(TellsRefusal):
    price_standard = PriceField(SeatKind.STANDARD)
    price_premium = PriceField(SeatKind.PREMIUM)
    price_sofa = PriceField(SeatKind.SOFA)
    price_restricted = PriceField(SeatKind.RESTRICTED)
    price_wheelchair = PriceField(SeatKind.WHEELCHAIR)
    price_companion = PriceField(SeatKind.COMPANION)

    class Meta:
        model = Showtime
        fields = (
            "movie", "auditorium", "starts_at", "state", "format", "language", "has_captions",
            "has_audio_description", "is_relaxed",
        )  # fmt: skip
        field_classes: ClassVar = {"starts_at": LocalStartField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prices = self.instance.prices or settings.DEFAULT_PRICES
        for name, kind in PRICE_FIELDS.items():
            field = self.fields.get(name)
            if isinstance(field, PriceField) and kind in prices:
                self.initial[name] = field.printed(prices[kind])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.gives_prices and not any(name in self.errors for name in PRICE_FIELDS):
            # A kind without a price of its own costs what a standard seat costs.
            self.instance.prices = {
                str(kind): self.fields[name].minor(cleaned[name])  # type: ignore[attr-defined]
                for name, kind in PRICE_FIELDS.items()
                if cleaned.get(name) is not None
            }
        return cleaned

    @property
    def gives_prices(self) -> bool:
        return all(name in self.fields for name in PRICE_FIELDS)

    @property
    def changed_columns(self) -> set[str]:
        """The model's fields that differ from what was there when the form was drawn."""
        changed = set(self.changed_data)
        prices = {"prices"} if changed & PRICE_FIELDS.keys() else set()
        return (changed - PRICE_FIELDS.keys()) | prices


PRICE_FIELDS = {f"price_{kind}": kind for kind in SeatKind}
