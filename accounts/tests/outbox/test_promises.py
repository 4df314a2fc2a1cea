"""A promise is one INSERT, which a sale can send together with its own statements."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation

from accounts import outbox
from accounts.models import OutgoingMessage
from accounts.tests.crowd import at_once
from accounts.tests.mail_server import enqueue

pytestmark = pytest.mark.django_db(transaction=True)


def run(statement) -> int:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.rowcount


def row(key: str) -> dict[str, object]:
    values = OutgoingMessage.objects.values().get(key=key)
    return {name: value for name, value in values.items() if name not in ("id", "key")}


def test_a_promise_is_one_statement(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        enqueue()


def test_the_statement_alone_promises_the_same():
    now, about = timezone.now(), {"reservation_id": 7, "by": "guest"}
    options = {"now": now, "good_for": timedelta(hours=1), "language": "de", **about}
    outbox.enqueue("cancelled", key="one", **options)
    assert run(outbox.insertion("cancelled", key="two", **options)) == 1
    assert row("two") == row("one")
    assert row("two")["about"] == about
    assert (row("two")["channel"], row("two")["due_at"]) == ("email", now)


def test_the_statement_runs_nothing_by_itself(django_assert_num_queries):
    with django_assert_num_queries(0):
        sql, _values = outbox.insertion("greeting", key="one", now=timezone.now())
    columns = {field.column for field in OutgoingMessage._meta.concrete_fields} - {"id"}
    quote = connection.ops.quote_name
    assert [column for column in columns if quote(column) not in sql] == []


def test_a_key_that_was_promised_adds_no_row_and_stops_no_transaction():
    statement = outbox.insertion("greeting", key="one", now=timezone.now())
    with transaction.atomic():
        assert [run(statement), run(statement)] == [1, 0]
        assert enqueue("two")
    assert OutgoingMessage.objects.count() == 2


def test_control_an_ordinary_insert_of_the_same_key_stops_it():
    sql, values = outbox.insertion("greeting", key="one", now=timezone.now())
    plain = sql.replace(" OR IGNORE", "").replace(" IGNORE", "")
    assert plain != sql
    run((plain, values))
    with pytest.raises(Exception, match=r"Duplicate|UNIQUE"):
        run((plain, values))


def test_of_many_who_promise_the_same_at_once_one_does():
    now = timezone.now()
    assert sorted(at_once(6, lambda _n: enqueue("one", now=now))) == [False] * 5 + [True]
    assert OutgoingMessage.objects.count() == 1


def test_what_the_database_would_cut_to_fit_is_refused():
    """Cut keys of two messages can be one key, and then one of them is never sent."""
    with pytest.raises(ValidationError):
        enqueue("k" * 101)
    with translation.override(None), pytest.raises(ValidationError):
        enqueue()
    assert not OutgoingMessage.objects.exists()
    assert enqueue("k" * 100)
