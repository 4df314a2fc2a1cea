"""A booking found without a log-in, by its reference and the e-mail of whoever booked it.

Both together show the tickets and change nothing. To cancel it takes the log-in, or a link that is
sent to that e-mail (decision 0009).
"""

from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse

from accounts import outbox
from accounts.models import canonical_email
from accounts.outbox import Content
from moviereservation.web.addresses import site_url
from reservations.errors import NothingFound
from reservations.limits import FINDS_BY_ADDRESS, FINDS_BY_REFERENCE, LINKS_BY_REFERENCE
from reservations.models import Reservation

SALT = "reservations.finding"  # as in 1.0.0: links that it sent stay good
GOOD_FOR = timedelta(hours=1)
# As Crockford reads what people write: https://www.crockford.com/base32.html
MISREAD = str.maketrans("OIL", "011", " -")


def find(reference: str, email: str, *, address: str) -> Reservation:
    """Raises NothingFound, whichever of the two is wrong, and TooManyAttempts."""
    reference = reference.upper().translate(MISREAD)
    FINDS_BY_ADDRESS.spend(address)
    FINDS_BY_REFERENCE.spend(reference)
    email = canonical_email(email)
    # One query, so that the time does not tell which of the two is right.
    named = Reservation.objects.filter(reference=reference, guest__email=email)
    reservation = named.exclude(confirmed_at=None).select_related("guest").first()
    # MariaDB finds look-alikes of an address, too.
    if reservation is None or reservation.guest is None or reservation.guest.email != email:
        raise NothingFound
    return reservation


def send_link(reservation: Reservation, *, now: datetime) -> None:
    """A link to cancel with goes to the e-mail of the booking. Raises TooManyAttempts."""
    LINKS_BY_REFERENCE.spend(reservation.reference)
    key = f"{reservation.reference}:cancel-link:{int(now.timestamp())}"
    outbox.enqueue(
        "cancel_link", key=key, now=now, good_for=GOOD_FOR, reservation_id=reservation.pk
    )


def verify_link(token: str, reference: str) -> bool:
    """Whether this is a link of ours to cancel that booking, not older than an hour.

    It names the e-mail as it was: whoever left, or has another one, has no link any more.
    """
    booked = Reservation.objects.filter(reference=reference).select_related("guest").first()
    if booked is None or booked.guest is None or not booked.guest.is_active:
        return False
    try:
        named = signing.loads(token, salt=_salt(booked.guest.email), max_age=GOOD_FOR)
    except signing.BadSignature:
        return False
    return bool(named == reference)


@outbox.writer("cancel_link")
def _email_with_link(*, reservation_id: int) -> Content | None:
    reservation = Reservation.objects.shown_to_guests().get(pk=reservation_id)
    guest = reservation.guest
    if guest is None or not guest.is_active or not reservation.is_confirmed:
        return None
    token = signing.dumps(reservation.reference, salt=_salt(guest.email))
    return Content(
        to=guest.email,
        template="emails/cancel_link",
        context={
            "guest": guest,
            "reservation": reservation,
            "showtime": reservation.showtime,
            "movie": reservation.showtime.movie,
            "link": site_url(reverse("found-link", args=[reservation.reference, token])),
        },
    )


def _salt(email: str) -> str:
    return f"{SALT} {email}"
