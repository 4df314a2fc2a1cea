"""What guests send with the seat page."""

from django.http import QueryDict

MOST_LABELS = 100


def wished_seats(sent: QueryDict) -> list[str] | int:
    """The ticked seats, or how many seats are wanted together; [] where neither makes sense."""
    party = sent.get("party", "").strip()
    if not party:
        return sent.getlist("seats")[:MOST_LABELS]
    return int(party) if party.isascii() and party.isdigit() and len(party) < 5 else []
