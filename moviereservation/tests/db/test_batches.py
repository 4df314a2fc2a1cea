"""Statements that are sent together happen as if they were sent one by one, and all or none."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.cast import alice, bob
from moviereservation.db.batches import Statement, if_changed, send
from reservations.tests.crowd import on_sqlite

pytestmark = pytest.mark.django_db(transaction=True)
BATCHES = [True, False]


@pytest.fixture(params=BATCHES, ids=["together", "one by one"])
def _sending(request, monkeypatch):
    """Both ways, where the database knows both."""
    if request.param and on_sqlite():
        pytest.skip("SQLite takes one statement at a time")
    monkeypatch.setattr(connection, "sends_batches", request.param, raising=False)


def rename(person, name):
    return Statement("UPDATE accounts_user SET name = %s WHERE id = %s", [name, person.pk])


def names():
    return list(User.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.usefixtures("_sending")
def test_each_statement_has_its_answer():
    first, second = alice(), bob()
    with transaction.atomic():
        answers = send(
            rename(first, "A"),
            Statement("SELECT name FROM accounts_user ORDER BY id"),
            Statement("UPDATE accounts_user SET name = 'B' WHERE id > %s", [second.pk]),
            Statement("SELECT id FROM accounts_user WHERE id = %s", [second.pk]),
        )
    assert [len(answer.rows) for answer in answers] == [0, 2, 0, 1]
    assert answers[1].rows[0][0] == "A"
    assert (answers[0].changed, answers[2].changed) == (1, 0)


@pytest.mark.usefixtures("_sending")
def test_the_last_statement_ends_the_transaction_and_what_was_to_be_done_after_it_is_done():
    first, done = alice(), []
    with transaction.atomic(durable=True):
        transaction.on_commit(lambda: done.append(names()))
        send(rename(first, "A"), rename(first, "B"), commit=True)
    assert done == [["B"]]
    assert not connection.in_atomic_block
    User.objects.update(name=F("name"))  # the connection is as it was
    assert names() == ["B"]


@pytest.mark.usefixtures("_sending")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_statement_that_fails_leaves_nothing_of_the_others(number):
    first, second = alice(), bob()
    before, statements = names(), [rename(first, "A"), rename(second, "B")]
    statements.insert(
        number, Statement("UPDATE accounts_user SET email = NULL WHERE id = %s", [first.pk])
    )
    with pytest.raises(IntegrityError), transaction.atomic(durable=True):
        send(*statements, commit=True)
    assert names() == before
    with transaction.atomic():
        send(rename(first, "C"), commit=True)
    assert names()[0] == "C"


@pytest.mark.usefixtures("_sending")
def test_inside_of_another_transaction_it_does_not_end_that():
    first = alice()
    with transaction.atomic():
        with transaction.atomic():
            send(rename(first, "A"), commit=True)
        assert names() == ["A"]
        transaction.set_rollback(True)
    assert names() == [first.name]


@pytest.mark.usefixtures("_sending")
@pytest.mark.parametrize("was", ["Alice", "Nobody"])
def test_a_line_is_written_only_if_the_statement_before_changed_something(was):
    first, second = alice(), bob()
    sql, key = if_changed("written")
    change = Statement("UPDATE accounts_user SET name = 'A' WHERE name = %s", [was])
    line = Statement(f"UPDATE accounts_user SET name = {sql} WHERE id = %s", [key, second.pk])
    if was == first.name:
        with transaction.atomic():
            send(change, line, commit=True)
        assert names() == ["A", "written"]
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            send(change, line, commit=True)
        assert names() == [first.name, second.name]


@pytest.mark.usefixtures("_sending")
def test_a_per_cent_sign_is_only_a_value():
    first = alice()
    with transaction.atomic():
        send(rename(first, "100 %s; --"), rename(bob(), "%d"), commit=True)
    assert names() == ["100 %s; --", "%d"]


@pytest.mark.skipif(on_sqlite(), reason="how MariaDB and MySQL are spoken to")
def test_a_transaction_begins_with_its_first_statement_and_ends_with_its_last():
    first = alice()
    sent = []

    def statement(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    def commits():
        with connection.cursor() as cursor:
            cursor.execute("SHOW SESSION STATUS LIKE 'Com_commit'")
            return int(cursor.fetchone()[1])

    before = commits()
    with connection.execute_wrapper(statement), transaction.atomic(durable=True):
        send(rename(first, "A"), rename(first, "B"), commit=True)
    assert len(sent) == 1
    assert commits() == before + 1
    with transaction.atomic():
        pass  # nothing was sent, so there is nothing to end
    assert commits() == before + 1


@pytest.mark.skipif(on_sqlite(), reason="how MariaDB and MySQL are spoken to")
def test_whatever_comes_first_begins_the_transaction():
    for first in (
        lambda cursor: cursor.execute("SELECT 1"),
        lambda cursor: cursor.executemany("SELECT %s", [[1], [2]]),
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            first(cursor)
            assert is_in_transaction()
        assert not is_in_transaction()


def is_in_transaction() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@in_transaction")
        return bool(cursor.fetchone()[0])


def test_queries_are_counted_as_they_are_sent():
    first = alice()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        send(rename(first, "A"))
    assert any("UPDATE accounts_user" in query["sql"] for query in queries)
