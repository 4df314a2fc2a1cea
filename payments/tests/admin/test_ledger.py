"""The ledger in the back office: read by managers, written by nobody."""

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, bo, mia
from moviereservation.web.admin.long_lists import FirstRows
from payments import ledger
from payments.ledger import Item, Tender
from payments.models import Account, LedgerEntry

pytestmark = pytest.mark.django_db
PATH = "/admin/payments/ledgerentry/"


def sell(reference: str) -> None:
    items = [Item("TICKET1", "adult", 1200, 79, 700)]
    paid = [Tender(Account.STRIPE_BALANCE, 1200)]
    now = timezone.now()
    ledger.write(ledger.sale(reference, items, paid, currency="usd", at=now, by=TEST))


def test_a_manager_reads_every_line_and_changes_none(client):
    sell("7K2M9QXB4T")
    client.force_login(mia())
    page = client.get(PATH).content.decode()
    assert "-$12.00" in page
    assert "sale:7K2M9QXB4T" in page
    line = LedgerEntry.objects.get(line=2)
    assert "-$0.79" in client.get(f"{PATH}{line.pk}/change/").content.decode()
    for address in (f"{PATH}add/", f"{PATH}{line.pk}/delete/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PATH}{line.pk}/change/", {"amount": "1"}).status_code == 403


def test_the_box_office_does_not_read_it(client):
    client.force_login(bo())
    assert client.get(PATH).status_code == 403


@pytest.mark.parametrize("query", ["?q=7K2M9QXB4T", "?q=sale:7K2M9QXB4T"])
def test_a_booking_is_found(client, query):
    sell("7K2M9QXB4T")
    sell("SOMETHING")
    client.force_login(mia())
    page = client.get(PATH + query).content.decode()
    assert "sale:7K2M9QXB4T" in page
    assert "SOMETHING" not in page


def test_it_is_filtered_by_account_kind_and_day(client):
    sell("7K2M9QXB4T")
    client.force_login(mia())
    today = LedgerEntry.objects.values_list("day", flat=True)[0]
    for query, lines in (
        ("account__exact=sales", 1),
        ("kind__exact=sale", 2),
        ("kind__exact=refund", 0),
        (f"day__gte={today}", 2),
    ):
        listed = client.get(f"{PATH}?{query}").content.decode()
        assert listed.count('class="field-actor') == lines, query


def test_no_more_lines_are_counted_than_anybody_turns_pages(client, monkeypatch):
    monkeypatch.setattr(FirstRows, "most", 60)
    for number in range(40):
        sell(f"R{number}")
    client.force_login(mia())
    assert "more than 60 ledger" in client.get(PATH).content.decode()
    assert client.get(f"{PATH}?p=2").content.decode().count('class="field-actor') == 10
