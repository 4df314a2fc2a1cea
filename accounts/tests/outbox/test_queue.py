"""A message is promised with what it tells of, and is sent once."""

import logging
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts import outbox
from accounts.models import Channel, OutgoingMessage
from accounts.outbox import sending
from accounts.outbox.renderer import WRITERS
from accounts.outbox.worker import Worker
from accounts.tests.crowd import at_once
from accounts.tests.mail_server import enqueue, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("greeting")]


def test_a_message_reaches_the_mailbox_by_the_queue_and_a_real_mail_server(mail_server):
    enqueue()
    with mail_server.open():
        work()
        work()
    [email] = mail_server.received
    assert (email["To"], email["Subject"]) == ("ann@example.org", "Hello Ann")
    assert email["Auto-Submitted"] == "auto-generated"
    assert OutgoingMessage.objects.get().sent_at is not None


def test_a_promise_is_taken_back_with_the_work_it_belongs_to():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert not OutgoingMessage.objects.exists()


def test_the_same_key_is_the_same_message():
    assert enqueue()
    with transaction.atomic():
        assert not enqueue()  # and the caller's transaction goes on
        assert enqueue("greeting:2")
    work()
    assert len(mail.outbox) == 2


def test_while_the_mail_server_is_away_it_is_tried_again_with_growing_pauses(mail_server):
    now = timezone.now()
    enqueue(now=now)
    pauses = []
    for _attempt in range(9):
        sending.attempt("greeting:1", now=now)
        due_at = OutgoingMessage.objects.get().due_at
        pauses.append(due_at - now)
        now = due_at
    assert pauses[:3] == [sending.FIRST_PAUSE, sending.FIRST_PAUSE * 2, sending.FIRST_PAUSE * 4]
    assert pauses[-1] == sending.LONGEST_PAUSE
    assert "refused" in OutgoingMessage.objects.get().last_error
    with mail_server.open():
        sending.attempt("greeting:1", now=now)
    assert len(mail_server.received) == 1
    assert OutgoingMessage.objects.get().last_error == ""


def test_it_is_given_up_when_it_is_worth_nothing_any_more(mail_server):
    now = timezone.now()
    enqueue(now=now, good_for=timedelta(minutes=1))
    while (message := OutgoingMessage.objects.get()).given_up_at is None:
        now = message.due_at
        sending.attempt("greeting:1", now=now)
    assert now - message.posted_at <= timedelta(minutes=1)
    with mail_server.open():
        sending.attempt("greeting:1", now=now + timedelta(hours=1))
    assert mail_server.received == []


def test_a_mailbox_that_does_not_exist_is_not_tried_again(mail_server):
    enqueue()
    mail_server.refusal = "550 No such mailbox"
    with mail_server.open():
        work()
    message = OutgoingMessage.objects.get()
    assert message.given_up_at is not None
    assert "550" in message.last_error
    assert "ann@" not in message.last_error  # it outlives the account


@pytest.mark.parametrize("answer", ["451 Try again later", "554 Not today"])
def test_a_mail_server_that_takes_no_email_just_now_is_asked_again(mail_server, answer):
    now = timezone.now()
    enqueue(now=now)
    mail_server.busy = answer
    with mail_server.open():
        sending.attempt("greeting:1", now=now)
        mail_server.busy = ""
        sending.attempt("greeting:1", now=now + sending.FIRST_PAUSE)
    assert len(mail_server.received) == 1


def test_two_workers_at_once_send_it_once(mail_server):
    now = timezone.now()
    for number in range(5):
        enqueue(f"greeting:{number}", now=now)
    with mail_server.open():
        at_once(4, lambda _n: [sending.attempt(f"greeting:{n}", now=now) for n in range(5)])
    assert len(mail_server.received) == 5


def test_control_without_the_taking_two_workers_send_it_twice(mail_server, monkeypatch):
    now = timezone.now()
    enqueue(now=now)
    taken = OutgoingMessage.objects.get()
    monkeypatch.setattr(
        type(OutgoingMessage.objects.all()), "take", lambda *_args, **_options: taken
    )
    with mail_server.open():
        at_once(2, lambda _n: sending.attempt("greeting:1", now=now))
    assert len(mail_server.received) == 2


def test_a_message_whose_worker_died_is_sent_by_the_next(mail_server):
    now = timezone.now()
    enqueue(now=now)
    assert OutgoingMessage.objects.take("greeting:1", now=now, lease=sending.LEASE)
    over = now + sending.LEASE
    with mail_server.open():
        assert look(at=over - timedelta(seconds=1)) == 0  # it may still be at it
        assert mail_server.received == []
        assert look(at=over) == 1
        assert look(at=over + sending.LEASE) == 0
    assert len(mail_server.received) == 1


def test_one_that_is_waiting_for_its_time_is_left_alone(mail_server):
    now = timezone.now()
    enqueue(now=now)
    assert look(at=now) == 1  # and there is no mail server
    assert look(at=now + sending.FIRST_PAUSE - timedelta(seconds=1)) == 0
    assert look(at=now + sending.FIRST_PAUSE) == 1


def test_a_message_in_a_workers_hand_is_not_tried_again_on_request():
    now = timezone.now()
    enqueue(now=now)
    assert OutgoingMessage.objects.take("greeting:1", now=now, lease=sending.LEASE)
    assert outbox.try_again(OutgoingMessage.objects.all(), now=now) == 0
    assert outbox.try_again(OutgoingMessage.objects.all(), now=now + sending.LEASE) == 1


def test_a_message_that_pauses_is_tried_again_on_request_at_once(mail_server):
    now = timezone.now()
    enqueue(now=now)
    sending.attempt("greeting:1", now=now)
    assert outbox.try_again(OutgoingMessage.objects.all(), now=now) == 1
    with mail_server.open():
        assert look(at=now) == 1
    assert len(mail_server.received) == 1


def test_whoever_wakes_up_after_the_lease_leaves_the_message_to_who_has_it(
    mail_server, monkeypatch
):
    now = timezone.now()
    enqueue(now=now)
    over = now + sending.LEASE

    def freeze(_message):
        assert OutgoingMessage.objects.take("greeting:1", now=over, lease=sending.LEASE)
        raise OSError

    monkeypatch.setitem(sending.SENDERS, Channel.EMAIL, freeze)
    assert sending.attempt("greeting:1", now=now)
    message = OutgoingMessage.objects.get()
    assert message.due_at == message.taken_until == over + sending.LEASE


def test_a_death_between_the_mail_server_and_the_mark_is_the_one_way_to_a_second_copy(
    mail_server, monkeypatch
):
    now = timezone.now()
    enqueue(now=now)

    def die(*_args, **_options):
        raise SystemExit

    with mail_server.open():
        with monkeypatch.context() as death:
            death.setattr(sending, "_mark", die)
            with pytest.raises(SystemExit):
                sending.attempt("greeting:1", now=now)
        sending.attempt("greeting:1", now=now + sending.LEASE)
    first, second = mail_server.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_message_that_cannot_be_written_is_tried_again_and_logged(monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("accounts"), "propagate", True)
    enqueue()
    now = timezone.now()
    with monkeypatch.context() as fault:
        fault.setitem(WRITERS, "greeting", lambda **_about: 1 / 0)
        sending.attempt("greeting:1", now=now)
    assert "could not be written" in caplog.text
    sending.attempt("greeting:1", now=now + sending.FIRST_PAUSE)
    assert len(mail.outbox) == 1


def test_a_channel_that_this_release_does_not_know_is_left_to_the_next(mail_server):
    enqueue()
    OutgoingMessage.objects.update(channel="pigeon")
    with mail_server.open():
        assert work() == 0
        OutgoingMessage.objects.update(channel=Channel.EMAIL)
        assert work() == 1


def look(*, at: datetime) -> int:
    """What a worker attempts that looks once, at this time."""
    return Worker(clock=lambda: at).send_due()
