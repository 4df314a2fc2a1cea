"""What guests send with the seat page, and to find a booking."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from moviereservation.web.forms import GuestForm
from reservations.seating.wishes import BestTogether, Labels, Wish

MOST_LABELS = 100


def read_wish(sent: QueryDict) -> Wish:
    """The ticked seats, or the best so many together; no seats where neither makes sense."""
    party = sent.get("party", "").strip()
    if not party:
        return Labels(sent.getlist("seats")[:MOST_LABELS])
    is_number = party.isascii() and party.isdigit() and len(party) < 5
    return BestTogether(int(party)) if is_number else Labels(())


class FindForm(GuestForm):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Ten letters and digits, on every ticket and in our letter."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        help_text=_("The one that you booked with."),
    )
