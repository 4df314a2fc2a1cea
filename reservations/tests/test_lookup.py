"""A booking is found by reference and e-mail; to cancel it takes more than knowing both."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts import personal_data
from accounts.models import User
from accounts.tests.cast import alice, bob
from accounts.tests.mailbox import delivered, link_in
from payments.models import Refund
from reservations.models import Reservation, State
from reservations.tests.factories import book_for, hold_for
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

FIND = "/find/"
NOON = "2026-11-22T12:00:00Z"


@pytest.fixture
def sale(stripe_standin):
    return book_for(stripe_standin, alice(), make_showtime(), "A1", "A2")


def find(client, reference, email="alice@example.org"):
    return client.post(FIND, {"reference": reference, "email": email})


def cancel_link(client, sale):
    find(client, sale.reference)
    client.post(f"{FIND}{sale.reference}/link/")
    return link_in(delivered()[-1])


def test_reference_and_e_mail_show_the_tickets(client, sale):
    answer = find(client, sale.reference)
    assert answer.url == f"{FIND}{sale.reference}/"
    html = client.get(answer.url).content.decode()
    assert html.count('class="qr"') == 2
    assert "alice" not in html.lower()  # the page names nobody


@pytest.mark.parametrize("spelt", [str.lower, lambda text: f" {text[:5]}-{text[5:]} "])
def test_however_the_reference_is_written(client, sale, spelt):
    assert find(client, spelt(sale.reference), "Alice@Example.ORG").status_code == 302


def test_letters_that_look_like_digits_are_read_as_digits(client, sale):
    Reservation.objects.filter(pk=sale.pk).update(reference="0123456789")
    assert find(client, "oI23456789").url == f"{FIND}0123456789/"


def test_whichever_is_wrong_the_words_are_the_same(
    client, sale, stripe_standin, django_assert_num_queries
):
    bob()
    pages = set()
    for reference, email in (
        (sale.reference, "nobody@example.org"),
        (sale.reference, "bob@example.org"),
        ("0000000000", "alice@example.org"),
    ):
        with django_assert_num_queries(1):
            answer = find(client, reference, email)
        assert answer.status_code == 404
        html = answer.content.decode()
        assert "We know no booking with this reference and this e-mail." in html
        html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
        pages.add(html.replace(reference, "…").replace(email, "…"))
    assert len(pages) == 1


def test_only_who_found_it_sees_it_and_only_for_half_an_hour(client, sale):
    page = f"{FIND}{sale.reference}/"
    find(client, sale.reference)
    assert Client().get(page).url == FIND
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(page).url == FIND


def test_to_have_found_one_opens_no_other(client, sale, stripe_standin):
    other = book_for(stripe_standin, bob(), make_showtime(auditorium=make_auditorium("Two")), "A1")
    find(client, sale.reference)
    assert client.get(f"{FIND}{other.reference}/").url == FIND


def test_what_was_found_cannot_be_cancelled(client, sale):
    find(client, sale.reference)
    page = f"{FIND}{sale.reference}/cancel/"
    assert client.get(page).url == FIND
    assert client.post(page, {"all": "yes"}).url == FIND
    assert client.post(f"/bookings/{sale.reference}/cancel/", {"all": "yes"}).status_code == 302
    sale.refresh_from_db()
    assert sale.state == State.CONFIRMED


def test_a_link_to_its_e_mail_may_cancel(client, sale):
    link = cancel_link(client, sale)
    assert delivered()[-1].to == ["alice@example.org"]
    elsewhere = Client()
    page = elsewhere.get(link).url
    assert page == f"{FIND}{sale.reference}/cancel/"  # without the secret
    answer = elsewhere.post(page, {"seats": ["A1"]}, follow=True)
    assert "Given back: A1" in answer.content.decode()
    sale.refresh_from_db()
    assert (sale.labels, sale.history.last().by) == (["A2"], f"guest {sale.guest_id} by link")
    elsewhere.post(page, {"all": "yes"})
    sale.refresh_from_db()
    assert sale.state == State.CANCELLED
    assert [refund.amount for refund in Refund.objects.order_by("pk")] == [1200, 1200]


def test_a_link_that_1_0_0_sent_stays_good(sale):
    token = signing.dumps(sale.reference, salt="reservations.finding alice@example.org")
    assert Client().get(f"{FIND}{sale.reference}/{token}/").url == f"{FIND}{sale.reference}/cancel/"


def test_the_link_changes_nothing_by_being_looked_at(client, sale):
    Client().get(cancel_link(client, sale), follow=True)
    sale.refresh_from_db()
    assert sale.state == State.CONFIRMED


def test_the_link_is_dead_after_an_hour_and_when_the_guest_has_another_e_mail(client, sale):
    link = cancel_link(client, sale)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Client().get(link).status_code == 410
    User.objects.filter(pk=sale.guest_id).update(email="liddell@example.org")
    assert Client().get(link).status_code == 410


def test_a_link_is_for_its_own_booking_and_cannot_be_made_up(client, sale, stripe_standin):
    other = book_for(
        stripe_standin, sale.guest, make_showtime(auditorium=make_auditorium("Two")), "A1"
    )
    token = cancel_link(client, sale).strip("/").split("/")[-1]
    for reference, wrong in (
        (other.reference, token),
        (sale.reference, token[:-1]),
        (sale.reference, "x"),
        ("0000000000", token),
        ("%00", "%00"),
    ):
        assert Client().get(f"{FIND}{reference}/{wrong}/").status_code == 410


def test_the_link_leads_to_our_own_address_whatever_the_host_header_says(client, sale, settings):
    settings.ALLOWED_HOSTS = ["*"]
    find(client, sale.reference)
    client.post(f"{FIND}{sale.reference}/link/", headers={"host": "evil.example"})
    assert link_in(delivered()[-1]).startswith(FIND)
    assert "evil" not in delivered()[-1].message().as_string()


def test_who_has_not_found_it_gets_no_email_sent(client, sale):
    delivered()
    assert client.post(f"{FIND}{sale.reference}/link/").url == FIND
    assert not [email for email in delivered() if "To cancel" in email.subject]


def test_nobody_guesses_by_reference_or_from_one_address(client, sale, settings):
    settings.RATE_LIMITS = True
    with time_machine.travel(NOON, tick=False):
        wrong = [find(client, sale.reference, f"g{n}@example.org").status_code for n in range(10)]
        assert wrong == [404] * 10
        assert find(client, sale.reference).status_code == 429  # also when it is right
        walked = [find(client, f"{n:010}").status_code for n in range(20)]
    assert walked == [404] * 19 + [429]


def test_a_mailbox_is_not_filled_with_links(client, sale, settings):
    settings.RATE_LIMITS = True
    find(client, sale.reference)
    delivered()
    with time_machine.travel(timezone.now().replace(minute=1), tick=True) as clock:
        find(client, sale.reference)
        for _n in range(5):
            clock.shift(1)
            client.post(f"{FIND}{sale.reference}/link/")
        links = [email for email in delivered() if "To cancel" in email.subject]
    assert len(links) == 3


def test_what_is_unpaid_or_was_never_paid_is_not_found(client):
    held = hold_for(alice(), make_showtime(), "A1")
    assert find(client, held.reference).status_code == 404


def test_a_cancelled_booking_is_shown_without_tickets(client, sale):
    cancel = Client()
    cancel.post(cancel.get(cancel_link(client, sale)).url, {"all": "yes"})
    html = client.get(f"{FIND}{sale.reference}/").content.decode()
    assert 'class="qr"' not in html
    assert "Refund of $24.00" in html


def test_whoever_has_left_is_not_found_any_more(client, sale):
    find(client, sale.reference)
    personal_data.erase(sale.guest, now=timezone.now())
    assert client.get(f"{FIND}{sale.reference}/").status_code == 404
    assert find(client, sale.reference).status_code == 404


@pytest.mark.parametrize(
    "sent", [{"email": ""}, {"reference": "x"}, {"reference": "\0", "email": "a@b.c"}]
)
def test_what_is_missing_is_told_by_the_field(client, sent):
    answer = client.post(FIND, sent)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()


def test_forms_from_elsewhere_are_refused(sale):
    strict = Client(enforce_csrf_checks=True)
    for page in (FIND, f"{FIND}{sale.reference}/link/", f"{FIND}{sale.reference}/cancel/"):
        assert strict.post(page, {"all": "yes"}).status_code == 403
