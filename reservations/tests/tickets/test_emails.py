"""What guests are written about their bookings: once for each thing that happened."""

import functools
from datetime import timedelta
from io import BytesIO

import icalendar
import pytest
from django.core import mail
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.actors import Actor
from accounts.models import OutgoingMessage, User
from accounts.outbox import sending
from accounts.tests.cast import PASSWORD, TEST, alice, api_client
from reservations import booking, checkout, promises
from reservations.checkout import showtime_cancellation
from reservations.errors import SeatsLost
from reservations.models import Reservation
from reservations.tests.api.test_webhooks import authorised_event, report
from reservations.tests.crowd import at_once
from reservations.tests.factories import authorise, book_for, start_for
from reservations.tickets.codes import code_of
from reservations.upkeep import housekeeping
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)


def deliver() -> list[mail.EmailMultiAlternatives]:
    """Send what waits; the e-mails that went out by this."""
    before = len(mail.outbox)
    for message in OutgoingMessage.objects.waiting().order_by("pk"):
        sending.attempt(message.key, now=timezone.now() + timedelta(days=1))
    return mail.outbox[before:]


def fresh(reservation: Reservation) -> Reservation:
    return Reservation.objects.select_related("payment").get(pk=reservation.pk)


def attached(email: mail.EmailMultiAlternatives, mimetype: str) -> bytes:
    [content] = [file.content for file in email.attachments if file.mimetype == mimetype]
    return content if isinstance(content, bytes) else content.encode()


def calendar_entry(email: mail.EmailMultiAlternatives) -> icalendar.Event:
    return icalendar.Calendar.from_ical(attached(email, "text/calendar")).walk("VEVENT")[0]


def confirmed_by_the_api(client, stripe, reservation):
    answer = api_client(reservation.guest).post(
        "/reservations", {"paymentIntentId": reservation.payment.intent_id}
    )
    assert answer.status_code == 201


def confirmed_by_the_return_page(client, stripe, reservation):
    client.login(username=reservation.guest.email, password=PASSWORD)
    client.get(f"/checkout/{reservation.reference}/return/")


def confirmed_by_the_webhook(client, stripe, reservation):
    assert report(authorised_event(stripe)) == 200


def confirmed_by_housekeeping(client, stripe, reservation):
    housekeeping.tidy(now=timezone.now() + timedelta(minutes=1))


WAYS = [
    confirmed_by_the_api,
    confirmed_by_the_return_page,
    confirmed_by_the_webhook,
    confirmed_by_housekeeping,
]


@pytest.mark.parametrize("confirm", WAYS)
def test_every_way_to_a_booking_sends_its_tickets_once(client, stripe_standin, confirm):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    confirm(client, stripe_standin, reservation)
    assert fresh(reservation).is_confirmed
    checkout.settle(reservation.pk, now=timezone.now(), by=Actor.rule("again"))
    housekeeping.tidy(now=timezone.now() + timedelta(minutes=2))
    [email] = deliver()
    assert email.recipients() == ["alice@example.org"]
    assert deliver() == []


def test_settling_at_once_sends_one_email(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    settle = functools.partial(checkout.settle, reservation.pk, now=timezone.now(), by=TEST)
    at_once([settle] * 6)
    assert len(deliver()) == 1


def test_the_tickets_tell_everything_and_have_a_code_for_every_seat(stripe_standin, settings):
    settings.SITE_URL = "https://lantern.example"
    showtime = make_showtime(starts_at=timezone.now() + timedelta(days=2))
    reservation = book_for(stripe_standin, alice(), showtime, "A1", "C2")
    [email] = deliver()
    html = str(email.alternatives[0].content)
    address = f"https://lantern.example/bookings/{reservation.reference}/"
    for words in (showtime.movie.title, "A1, C2", reservation.reference, "$27.00", address,
                  "You can cancel until"):  # fmt: skip
        assert words in email.body
        assert words in html
    parts = [part.get_content_type() for part in email.message().walk()]
    assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related",
                     "text/html", "image/png", "image/png", "application/pdf",
                     "text/calendar"]  # fmt: skip
    assert html.count('src="cid:') == 2


def test_the_pdf_has_a_ticket_for_every_seat_a_title_and_a_language(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "B1", "B2", "B3", "B4")
    [email] = deliver()
    pdf = PdfReader(BytesIO(attached(email, "application/pdf")))
    assert reservation.showtime.movie.title in pdf.metadata.title
    assert pdf.trailer["/Root"]["/Lang"] == "en-us"
    words = "\n".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) == 2  # three on a page
    assert words.count(reservation.reference) == 4


def test_a_title_in_another_script_is_printed_too(stripe_standin):
    showtime = make_showtime()
    showtime.movie.title = "Броненосец «Потёмкин» – Łódź"
    showtime.movie.save()
    book_for(stripe_standin, alice(), showtime, "A1")
    [email] = deliver()
    words = PdfReader(BytesIO(attached(email, "application/pdf"))).pages[0].extract_text()
    assert "БРОНЕНОСЕЦ\n«ПОТЁМКИН» – ŁÓDŹ" in words


def test_no_email_holds_a_secret_or_trusts_a_title(stripe_standin):
    showtime = make_showtime()
    showtime.movie.title = "A\r\nBcc: eve@example.org\r\n<script>x</script>"
    showtime.movie.save()
    reservation = book_for(stripe_standin, alice(), showtime, "A1")
    [email] = deliver()
    source = email.message().as_string()
    assert email.message()["Bcc"] is None
    assert "<script>" not in str(email.alternatives[0].content)
    assert reservation.payment.intent_id not in source
    # The code is in the pictures and on the PDF, nowhere in words.
    assert code_of(reservation.seats.get()) not in source
    assert OutgoingMessage.objects.get().about == {"reservation_id": reservation.pk}


def test_cancelling_sends_one_email_that_tells_what_goes_back(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")
    [tickets] = deliver()
    for _click in range(2):
        checkout.cancel(fresh(reservation), now=timezone.now(), by=Actor.guest(1))
    [email] = deliver()
    assert email.subject.startswith("Cancelled:")
    assert "$24.00 goes back to the card that you paid with." in email.body
    assert "You cancelled this booking." in email.body
    booked, gone = calendar_entry(tickets), calendar_entry(email)
    assert (booked["UID"], booked["STATUS"], booked["SEQUENCE"]) == (gone["UID"], "CONFIRMED", 0)
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", 1)


def test_what_was_cancelled_before_its_tickets_went_out_sends_only_the_cancellation(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1")
    checkout.cancel(fresh(reservation), now=timezone.now(), by=Actor.guest(1))
    [email] = deliver()
    assert email.subject.startswith("Cancelled:")


def test_a_hold_that_is_let_go_is_no_email(stripe_standin):
    reservation = start_for(alice(), make_showtime(), "A1")
    checkout.cancel(fresh(reservation), now=timezone.now(), by=Actor.guest(1))
    assert deliver() == []


def test_a_showtime_that_is_called_off_says_so_and_says_sorry(stripe_standin):
    showtime = make_showtime()
    book_for(stripe_standin, alice(), showtime, "A1")
    deliver()
    showtime_cancellation.cancel_showtime(showtime, now=timezone.now(), by=Actor.staff(1))
    housekeeping.tidy(now=timezone.now() + timedelta(minutes=1))
    [email] = deliver()
    assert "We are sorry: we had to cancel this showtime" in email.body
    assert "$12.00 goes back" in email.body


def test_giving_seats_back_tells_which_and_how_much(stripe_standin):
    reservation = book_for(stripe_standin, alice(), make_showtime(), "A1", "A2", "A3")
    deliver()
    for _click in range(2):
        checkout.cancel(fresh(reservation), ["A2"], now=timezone.now(), by=Actor.guest(1))
    [email] = deliver()
    assert "The tickets for A2 are not valid any more." in email.body
    assert "$12.00 goes back" in email.body
    assert "A1, A3" in email.body
    assert calendar_entry(email)["SEQUENCE"] == 1


def test_whose_seats_were_lost_is_told_that_nothing_was_charged(stripe_standin):
    now = timezone.now()
    reservation = start_for(alice(), make_showtime(), "A1", now=now)
    authorise(stripe_standin, reservation)
    booking.release(reservation.pk, now=now, by=TEST)
    for _round in range(2):
        with pytest.raises(SeatsLost):
            checkout.settle(reservation.pk, now=now, by=TEST)
    [email] = deliver()
    assert email.subject.startswith("Not booked:")
    assert "You are not charged" in email.body


def test_tickets_are_sent_again_on_request_and_a_double_click_is_one_request(stripe_standin):
    reservation, now = book_for(stripe_standin, alice(), make_showtime(), "A1"), timezone.now()
    deliver()
    assert promises.tickets_again(reservation, now=now)
    assert not promises.tickets_again(reservation, now=now)
    [again] = deliver()
    assert not promises.tickets_again(reservation, now=now)
    assert again.subject == mail.outbox[0].subject


def test_the_language_of_the_guest_counts_and_not_of_whoever_confirms(stripe_standin):
    with translation.override("de"):
        reservation = start_for(alice(), make_showtime(), "A1")
    authorise(stripe_standin, reservation)
    checkout.settle(reservation.pk, now=timezone.now(), by=Actor.rule("webhook"))
    assert OutgoingMessage.objects.get().language == "de"


def test_who_has_left_gets_no_email(stripe_standin):
    guest = alice()
    book_for(stripe_standin, guest, make_showtime(), "A1")
    User.objects.filter(pk=guest.pk).update(is_active=False)
    assert deliver() == []
