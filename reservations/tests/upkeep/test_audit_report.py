"""`manage.py audit`: what it says, how it ends, and Stripe's books held against ours."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.tests.cast import alice, make_person
from moviereservation.db import audit_rules
from payments.models import Payment
from reservations.models import ReservedSeat
from reservations.tests.factories import book_for, hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def report(*arguments):
    """What it wrote, and the sentence that it ended with if it failed."""
    out = StringIO()
    try:
        call_command("audit", *arguments, stdout=out)
    except CommandError as error:  # exit code 1
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_when_all_is_well_every_rule_is_listed_as_ok():
    out, ended = report()
    assert ended == ""
    assert out.count("ok      ") == len(out.splitlines()) == len(audit_rules.invariants())
    assert all(rule.name in out for rule in audit_rules.invariants())


def test_what_is_broken_is_counted_and_shown_by_example():
    showtime = make_showtime()
    for n in range(1, 9):
        hold_for(make_person(f"Guest{n}"), showtime, f"A{n}")
    ReservedSeat.objects.update(price=1)
    out, ended = report()
    assert ended == "1 of the rules are broken."
    lines = out.splitlines()
    n = next(n for n, line in enumerate(lines) if line.startswith("BROKEN"))
    assert lines[n] == "BROKEN  7 a reservation costs what its seats cost"
    assert lines[n + 1].startswith("        8: ")
    assert lines[n + 2].strip() == audit_rules.REPORT_IT
    assert lines[n + 1].count(",") == audit_rules.EXAMPLES - 1


def test_stripe_is_not_asked_unless_wanted():
    assert "Stripe's books" not in report()[0]


def test_stripes_books_are_compared_when_wanted(stripe_standin):
    book_for(stripe_standin, alice(), make_showtime(), "A1")
    out, ended = report("--stripe-days", "1")
    assert "ok      Stripe's books are ours" in out
    assert ended == ""


def test_a_difference_to_stripes_books_is_told_and_fails(stripe_standin):
    sale = book_for(stripe_standin, alice(), make_showtime(), "A1")
    stripe_standin.call("POST", "/v1/refunds", payment_intent=sale.payment.intent_id, amount=200)
    out, ended = report("--stripe-days", "1")
    assert "BROKEN  Stripe's books are ours" in out
    assert f"{sale.reference}: Stripe paid back 200, we promised 0" in out
    assert ended == "1 of the rules are broken."


def test_a_stripe_that_does_not_answer_is_no_clean_bill(stripe_standin, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert "not compared" in report("--stripe-days", "1")[1]


def test_days_that_make_no_sense_are_refused():
    for days in ("soon", "-1", "0", "999999999999"):
        with pytest.raises((CommandError, SystemExit)):
            call_command("audit", "--stripe-days", days, stdout=StringIO(), stderr=StringIO())


def test_the_records_themselves_are_not_touched(stripe_standin):
    book_for(stripe_standin, alice(), make_showtime(), "A1")
    before = list(Payment.objects.values())
    report("--stripe-days", "1")
    assert list(Payment.objects.values()) == before
    assert timezone.now() - before[0]["looked_at"] < timedelta(minutes=5)
