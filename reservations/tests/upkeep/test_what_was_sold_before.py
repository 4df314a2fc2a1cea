"""What was sold before there was a ledger is written as the verbs would have written it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.tests.cast import TEST, make_person
from moviereservation.db import audit_rules
from payments.models import LedgerEntry
from payments.tests.append_only import empty_ledger
from reservations import booking, checkout
from reservations.errors import SeatsLost
from reservations.migrations import _books
from reservations.models import Reservation, State
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now().replace(hour=3, minute=30, second=0, microsecond=250_000)


@pytest.fixture
def house(stripe_standin, settings):
    """Bookings of every kind, on four business days, and money that came for nothing."""
    settings.TAX_RATE_BASIS_POINTS = 700
    settings.TIME_ZONE = "America/New_York"
    showtime = make_showtime(now=NOW, starts_at=NOW + timedelta(days=9))
    guests = iter(make_person(f"Guest{n}") for n in range(9))

    def sold(*labels, days=0):
        return book_for(
            stripe_standin, next(guests), showtime, *labels, now=NOW + timedelta(days=days)
        )

    sold("A1", "C1", days=1)
    checkout.cancel(sold("A3", "C3"), now=NOW + timedelta(days=2), by=TEST)
    partly = sold("A5", "A6", "C5", days=1)
    checkout.cancel(partly, ["A5"], now=NOW + timedelta(days=2), by=TEST)
    checkout.cancel(partly, ["C5"], now=NOW + timedelta(days=3, hours=6), by=TEST)
    last = sold("A7", "A8")
    checkout.cancel(last, ["A7"], now=NOW + timedelta(hours=6), by=TEST)
    checkout.cancel(last, now=NOW + timedelta(days=2), by=TEST)
    hold_for(next(guests), showtime, "C8", now=NOW)
    late = start_for(next(guests), showtime, "C10", now=NOW)
    authorise(stripe_standin, late)
    stripe_standin.call("POST", f"/v1/payment_intents/{late.payment.intent_id}/capture")
    booking.release(late.pk, now=NOW, by=TEST)
    with pytest.raises(SeatsLost):
        checkout.settle(late.pk, now=NOW, by=TEST)
    return showtime


def books():
    """What counts: per reservation, payment, kind, account, ticket and day the sums."""
    rows = LedgerEntry.objects.values_list(
        "subject", "payment", "kind", "account", "category", "item", "tax_rate", "day", "currency"
    )
    return sorted(rows.annotate(Sum("amount"), Sum("tax")).order_by(), key=str)


def broken(now):
    return [rule.name for rule, finding in audit_rules.findings(now=now) if finding]


@pytest.mark.parametrize("at_once", [1, 2, 5000])
def test_it_writes_what_the_verbs_have_written(house, at_once):
    written, lines = books(), LedgerEntry.objects.count()
    assert broken(NOW) == []
    assert {kind for _subject, _payment, kind, *_more in written} == {
        "sale", "cancellation", "refund", "orphaned_capture"
    }  # fmt: skip
    assert len({day for *_more, day, _currency, _amount, _tax in written}) >= 4
    empty_ledger()
    assert {name[:3] for name in broken(NOW)} == {"12b", "12c"}
    for _again in range(2):
        _books.fill(connection, at_once=at_once)
        assert not set(written) ^ set(books())
        assert LedgerEntry.objects.count() == lines
        assert broken(NOW) == []


def test_interrupted_after_any_statement_it_is_finished_by_the_next(house):
    written = books()
    statements = 0
    while True:
        empty_ledger()
        left = statements

        def cut(execute, sql, params, many, context):
            nonlocal left
            if sql.startswith("INSERT"):
                if not left:
                    raise KeyboardInterrupt
                left -= 1
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(cut):
                _books.fill(connection, at_once=3)
        except KeyboardInterrupt:
            statements += 1
        else:
            break
        _books.fill(connection, at_once=4)
        assert books() == written
    assert statements > 5


def test_what_is_sold_meanwhile_is_left_as_it_is(house, stripe_standin):
    book_for(stripe_standin, make_person("Late"), house, "C2", now=NOW)
    before = list(LedgerEntry.objects.values().order_by("pk"))
    _books.fill(connection)
    assert list(LedgerEntry.objects.values().order_by("pk")) == before


def test_a_sale_that_was_not_paid_in_full_owes_the_rest(house):
    sale = Reservation.objects.filter(state=State.CONFIRMED).first()
    empty_ledger()
    type(sale.payment).objects.filter(pk=sale.payment_id).update(amount_captured=2000)
    _books.fill(connection)
    assert {name.partition(" ")[0] for name in broken(NOW)} == {"4", "12d"}
