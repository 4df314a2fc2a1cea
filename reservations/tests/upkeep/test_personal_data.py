"""Leaving: one's data in a file, and then nothing personal is left in any table."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts import personal_data
from accounts.actors import Actor
from accounts.models import EmailChange, OutgoingMessage, User
from accounts.tests.cast import PASSWORD, TEST, alice, api_client, bob, make_person, mia
from accounts.tests.mailbox import delivered, link_in
from reservations import booking, checkout
from reservations.models import Reservation, State
from reservations.tests.aftermath import assert_all_is_well
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from reservations.tickets.codes import code_of
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

TRACES = ("quist", "wilhelmina", "oldbox")
LATER = timedelta(minutes=11)


@pytest.fixture
def person():
    return make_person("Wilhelmina Quist", email="oldbox@example.net")


def room(name):
    return make_showtime(auditorium=make_auditorium(name))


def live_a_little(client, person, stripe):
    """Something of everything that the product writes down about a guest."""
    now = timezone.now()
    client.force_login(person)
    api_client(person).get("/auth/me")
    client.post("/account/", {"name": person.name, "more_time": "on", "captions": "on"})
    sold = book_for(stripe, person, room("One"), "A1", "A2", now=now)
    checkout.cancel(sold, ["A1"], now=now, by=Actor.guest(person.pk))
    booking.lapse(hold_for(person, room("Two"), "A1", now=now - LATER).pk, now=now, by=TEST)
    start_for(person, room("Three"), "A1", now=now)
    delivered()
    client.post("/account/email/", {"email": "w.quist@example.net", "password": PASSWORD})
    (email,) = [email for email in delivered() if email.to == ["w.quist@example.net"]]
    client.post(link_in(email))
    client.post("/account/email/", {"email": "wilhelmina@example.net", "password": PASSWORD})
    client.post("/account/reset/", {"email": "w.quist@example.net"})
    OutgoingMessage.objects.filter(kind__in=("tickets", "password_reset")).update(
        last_error="SMTPRecipientsRefused: {'w.quist@example.net': (550, b'unknown')}"
    )
    LogEntry.objects.log_actions(mia().pk, [person], 2, [{"changed": {"name": str(person)}}])
    return sold


def traces():
    """Every text in every table that names the person."""
    found = []
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values(*names) if names else ():
            for name, value in row.items():
                text = json.dumps(value, default=str).lower()
                found += [(model.__name__, name, text) for one in TRACES if one in text]
    for session in Session.objects.all():
        text = json.dumps(session.get_decoded()).lower()
        found += [("Session", "decoded", text) for one in TRACES if one in text]
    return found


def test_nothing_personal_is_left_in_any_table(client, person, stripe_standin):
    live_a_little(client, person, stripe_standin)
    kinds = {table for table, _column, _text in traces()}
    assert kinds >= {
        "User",
        "EmailChange",
        "OutgoingMessage",
        "LogEntry",
    }  # otherwise it proves nothing
    assert client.post("/account/erase/", {"password": PASSWORD}).url == "/"
    assert traces() == []
    assert User.objects.get(pk=person.pk).saved_needs == ""
    assert not EmailChange.objects.exists()


def test_money_and_seats_stay_as_they_were(client, person, stripe_standin):
    sold = live_a_little(client, person, stripe_standin)
    client.post("/account/erase/", {"password": PASSWORD})
    sold.refresh_from_db()
    assert (sold.state, sold.amount, sold.labels) == (State.CONFIRMED, 1200, ["A2"])
    assert sold.guest == User.objects.get(pk=person.pk)
    assert_all_is_well(stripe_standin, now=timezone.now())


def test_open_holds_end_and_their_seats_are_free(client, person, stripe_standin):
    showtime = make_showtime()
    held = start_for(person, showtime, "A1")
    authorise(stripe_standin, held)
    client.force_login(person)
    client.post("/account/erase/", {"password": PASSWORD})
    held.refresh_from_db()
    assert held.state == State.CANCELLED
    assert stripe_standin.intent(held.payment.intent_id)["status"] == "canceled"
    assert hold_for(bob(), showtime, "A1").state == State.HELD


def test_what_is_just_being_paid_is_still_sold(client, person, stripe_standin):
    """The money may be taken already, and a seat that was paid for is never lost."""
    paying = start_for(person, make_showtime(), "A1")
    authorise(stripe_standin, paying)
    booking.pin(paying.pk, now=timezone.now(), by=TEST)
    personal_data.erase(person, now=timezone.now())
    paying.refresh_from_db()
    assert paying.state == State.PINNED


def test_while_stripe_is_away_one_can_leave_all_the_same(client, person, stripe_standin, settings):
    held = start_for(person, make_showtime(), "A1")
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    personal_data.erase(person, now=timezone.now())
    held.refresh_from_db()
    assert held.state == State.CANCELLED


def test_every_session_and_every_program_is_logged_out(client, person):
    program, elsewhere = api_client(person), Client()
    for browser in (client, elsewhere):
        browser.force_login(person)
    client.post("/account/erase/", {"password": PASSWORD})
    assert program.get("/auth/me").status_code == 401
    for browser in (client, elsewhere):
        assert browser.get("/account/").status_code == 302
    login = {"email": "oldbox@example.net", "password": PASSWORD}
    assert client.post("/account/log-in/", login).status_code == 401


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nobody_is_erased(client, person, password):
    client.force_login(person)
    answer = client.post("/account/erase/", {"password": password})
    assert answer.status_code in (400, 403)
    person.refresh_from_db()
    assert person.is_active


def test_a_form_from_elsewhere_erases_nobody(person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post("/account/erase/", {"password": PASSWORD}).status_code == 403
    person.refresh_from_db()
    assert person.is_active


def test_no_email_follows_somebody_who_has_left(client, person, stripe_standin):
    book_for(stripe_standin, person, make_showtime(), "A1")
    client.post("/account/reset/", {"email": person.email})
    personal_data.erase(person, now=timezone.now())
    assert delivered() == []


def test_the_api_erases_as_thoroughly(client, person, stripe_standin):
    live_a_little(client, person, stripe_standin)
    person.refresh_from_db()
    assert api_client(person).delete("/auth/me").status_code == 204
    assert traces() == []


def test_the_file_has_everything_that_is_known(client, person, stripe_standin):
    live_a_little(client, person, stripe_standin)
    answer = client.get("/account/data/")
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]
    told = answer.json()
    assert told["profile"]["email"] == "w.quist@example.net"
    assert told["profile"]["needs"] == ["more_time", "captions"]
    assert [change["new_email"] for change in told["changesOfEmail"]] == [
        "w.quist@example.net", "wilhelmina@example.net",
    ]  # fmt: skip
    assert len(told["logInsOfPrograms"]) == 1
    assert {"password_reset", "email_change"} <= {one["kind"] for one in told["letters"]}
    sold = next(one for one in told["bookings"] if one["state"] == "confirmed")
    assert [bool(seat["givenBackAt"]) for seat in sold["seats"]] == [True, False]
    assert [one["kind"] for one in sold["letters"]] == ["tickets", "seats_returned"]
    assert sold["payment"]["refunds"][0]["amount"] == 1200
    assert sold["history"][-1]["by"] == f"guest {person.pk}"
    assert {one["state"] for one in told["bookings"]} == {"confirmed", "lapsed", "held"}


def test_the_file_lets_nobody_act_for_the_guest(client, person, stripe_standin):
    sold = live_a_little(client, person, stripe_standin)
    text = client.get("/account/data/").content.decode()
    person.refresh_from_db()
    secrets = [person.password, sold.payment.client_secret, person.get_session_auth_hash()]
    secrets += [session.refresh_jti for session in person.api_sessions.all()]
    secrets += [change.nonce for change in person.email_changes.all()]
    for claim in sold.seats.all():
        secrets += [claim.ticket_id, code_of(claim)]
    assert not [secret for secret in secrets if secret in text]


def test_nobody_gets_anybody_elses_file(client, person, stripe_standin):
    book_for(stripe_standin, person, make_showtime(), "A1")
    assert Client().get("/account/data/").url == "/account/log-in/?next=/account/data/"
    client.force_login(alice())
    text = client.get("/account/data/").content.decode().lower()
    assert not [trace for trace in TRACES if trace in text]
    assert Reservation.objects.get().reference not in text.upper()


def test_the_file_costs_the_same_for_one_booking_and_for_many(
    client, person, stripe_standin, django_assert_max_num_queries
):
    for number in range(4):
        book_for(stripe_standin, person, room(f"Room {number}"), "A1", "A2")
    client.force_login(person)
    with django_assert_max_num_queries(16):
        client.get("/account/data/")
