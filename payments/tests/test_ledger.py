"""What is written into the ledger, and that nothing there is changed."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.cast import TEST
from moviereservation.db import append_only
from payments import ledger
from payments.ledger import Item, Tender, Unbalanced
from payments.models import Account, Kind, LedgerEntry, Payment
from payments.tax import contained
from payments.tests.append_only import LEDGER

NOW = datetime(2027, 1, 10, 3, 30, tzinfo=UTC)  # half past ten in the evening before, in New York
TICKETS = [Item("TICKET1", "adult", 1200, 79, 700), Item("TICKET2", "child", 801, 52, 700)]


def sold(items=TICKETS, *tenders: Tender, subject="REFERENCE1") -> ledger.Act:
    paid = tenders or [Tender(Account.STRIPE_BALANCE, sum(item.price for item in items))]
    return ledger.sale(subject, items, paid, currency="usd", at=NOW, by=TEST)


def given_back(items=TICKETS) -> ledger.Act:
    return ledger.cancellation(
        "key", items, subject="REFERENCE1", payment=None, currency="usd", at=NOW, by=TEST
    )


def total(account: Account, of: str = "amount") -> int:
    return LedgerEntry.objects.on(account).aggregate(sum=Sum(of))["sum"] or 0


@pytest.mark.django_db
def test_a_sale_is_a_line_for_each_tender_and_each_item():
    ledger.write(sold())
    lines = LedgerEntry.objects.order_by("line")
    assert list(lines.values_list("act", "line", "account", "amount", "item", "category")) == [
        ("sale:REFERENCE1", 1, "stripe_balance", 2001, "", ""),
        ("sale:REFERENCE1", 2, "sales", -1200, "TICKET1", "adult"),
        ("sale:REFERENCE1", 3, "sales", -801, "TICKET2", "child"),
    ]
    assert list(lines.values_list("tax", "tax_rate")) == [(0, None), (-79, 700), (-52, 700)]
    first = lines[0]
    assert (first.kind, first.currency, first.subject) == ("sale", "usd", "REFERENCE1")
    assert (first.day, first.at) == (date(2027, 1, 9), NOW)
    assert (first.actor, first.shift, first.payment) == (str(TEST), None, None)


@pytest.mark.django_db
def test_a_sale_may_be_split_between_tenders():
    half = [Tender(Account.STRIPE_BALANCE, 1000), Tender(Account.OWED, 1001)]
    ledger.write(sold(TICKETS, *half))
    assert (total(Account.STRIPE_BALANCE), total(Account.OWED)) == (1000, 1001)


@pytest.mark.django_db
def test_what_is_free_has_lines_of_zero():
    free = [Item("TICKET1", "carer", 0), Item("TICKET2", "carer", 0)]
    ledger.write(ledger.sale("REFERENCE1", free, [], currency="usd", at=NOW, by=TEST))
    assert list(LedgerEntry.objects.values_list("account", "amount")) == [("sales", 0)] * 2


@pytest.mark.parametrize("paid", [2000, 2002, 0, -2001])
def test_what_does_not_add_up_is_no_act(paid):
    with pytest.raises(Unbalanced, match="REFERENCE1"):
        sold(TICKETS, Tender(Account.STRIPE_BALANCE, paid))


@pytest.mark.django_db
def test_an_act_is_written_once():
    ledger.write(sold())
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.write(sold())
    assert LedgerEntry.objects.count() == 3


@pytest.mark.django_db
def test_several_acts_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        ledger.write(sold(), sold(subject="REFERENCE2"), given_back())
    assert LedgerEntry.objects.values("act").distinct().count() == 3


@pytest.mark.django_db
def test_nothing_to_write_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        ledger.write()


@pytest.mark.django_db
def test_a_statement_is_made_and_not_run(django_assert_num_queries):
    with django_assert_num_queries(0):
        sql, params = ledger.statement(sold())
    assert sql.count("%s") == len(params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    assert LedgerEntry.objects.count() == 3


def test_no_column_is_missing():
    names = [field.name for field in LedgerEntry._meta.concrete_fields if not field.primary_key]
    assert sorted((*ledger.OF_THE_ACT, *ledger.OF_THE_LINE)) == sorted(names)
    assert ("line", *ledger.Line._fields) == tuple(
        "payment_id" if name == "payment" else name for name in ledger.OF_THE_LINE
    )


def test_every_kind_has_a_name_of_its_own_and_the_longest_key_fits():
    assert set(ledger.NAMES) == set(Kind)
    assert len(set(ledger.NAMES.values())) == len(Kind)
    longest = max(map(len, ledger.NAMES.values()))
    assert longest + 1 + 100 <= LedgerEntry._meta.get_field("act").max_length


items = st.builds(
    lambda price, rate: Item("TICKET", "adult", price, contained(price, rate), rate),
    st.integers(0, 10**7),
    st.integers(0, 10_000),
)


@given(st.lists(items, min_size=1, max_size=10))
def test_what_is_given_back_reverses_price_and_tax_to_the_last_unit(sale):
    both = (*sold(sale).lines, *given_back(sale).lines)
    of_sales = [line for line in both if line.account == Account.SALES]
    assert sum(line.amount for line in of_sales) == sum(line.tax for line in of_sales) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: LedgerEntry.objects.update(amount=1),
        lambda: LedgerEntry.objects.filter(line=1).update(actor="nobody"),
        lambda: LedgerEntry.objects.all().delete(),
        lambda: LedgerEntry.objects.get(line=1).delete(),
        lambda: LedgerEntry.objects.get(line=1).save(),
    ],
)
def test_no_entry_is_changed_or_deleted(change):
    ledger.write(sold())
    before = list(LedgerEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert list(LedgerEntry.objects.values()) == before


@pytest.mark.django_db
def test_a_payment_of_which_there_is_an_entry_stays():
    payment = Payment.objects.create(reference="REFERENCE1", amount=2001, currency="usd")
    ledger.write(ledger.orphaned_capture(payment, 2001, key="key", at=NOW))
    with pytest.raises(IntegrityError):
        payment.delete()


@pytest.mark.django_db(transaction=True)
def test_triggers_that_were_dropped_are_missing_until_they_are_made_again():
    assert append_only.missing(connection, LEDGER) == []
    append_only.unprotect(connection, LEDGER)
    both = [f"{LEDGER}_refuses_update", f"{LEDGER}_refuses_delete"]
    assert append_only.missing(connection, LEDGER) == both
    for _again in range(2):
        append_only.protect(connection, LEDGER)
        assert append_only.missing(connection, LEDGER) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_that_sqlite_made_anew_is_protected_by_the_next_migration():
    from django.core.management import call_command

    if connection.vendor == "sqlite":
        field = LedgerEntry._meta.get_field("actor")
        longer = field.clone()
        longer.max_length = 200
        longer.set_attributes_from_name("actor")
        longer.model = LedgerEntry
        with connection.schema_editor() as editor:
            editor.alter_field(LedgerEntry, field, longer, strict=True)
        assert append_only.missing(connection, LEDGER)
    else:
        append_only.unprotect(connection, LEDGER)
    call_command("migrate", verbosity=0)
    assert append_only.missing(connection, LEDGER) == []


@pytest.mark.django_db(transaction=True)
def test_control_without_triggers_an_entry_can_be_changed():
    from payments.tests.append_only import unprotected

    ledger.write(sold())
    with unprotected():
        assert LedgerEntry.objects.update(actor="somebody") == 3
