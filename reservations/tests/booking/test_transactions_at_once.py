"""Real deadlocks and waits, as the databases make them: nobody is told, everybody is served."""

import contextlib
import functools
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.tests.cast import alice, bob
from moviereservation.db.batches import Statement, send
from moviereservation.db.transactions import rerun
from reservations.tests.crowd import at_once, on_sqlite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_mariadb():
    if on_sqlite():
        pytest.skip("SQLite has one write lock and so no deadlocks")


@pytest.fixture
def on_sqlite_only():
    if not on_sqlite():
        pytest.skip("how SQLite says busy")


def rename(pk, name):
    User.objects.filter(pk=pk).update(name=name)


@pytest.mark.usefixtures("on_mariadb")
def test_two_in_reversed_order_deadlock_and_both_get_their_way():
    first, second = alice(), bob()
    both_hold_one, runs = threading.Barrier(2), []

    @rerun
    def write(name, *pks):
        runs.append(name)
        rename(pks[0], name)
        if len(runs) <= 2:
            both_hold_one.wait(5)
        rename(pks[1], name)

    answers = at_once(
        [
            functools.partial(write, "forth", first.pk, second.pk),
            functools.partial(write, "back", second.pk, first.pk),
        ]
    )
    assert answers == [None, None]
    assert len(runs) == 3  # one of the two was run again
    assert set(User.objects.values_list("name", flat=True)) == {runs[-1]}


@pytest.mark.usefixtures("on_mariadb")
def test_a_deadlock_in_the_middle_of_a_batch_leaves_none_of_it_and_runs_it_again():
    first, second = alice(), bob()
    rival_holds_second, batch_waits, runs = threading.Event(), threading.Event(), []

    def longer(pk):
        return Statement("UPDATE accounts_user SET name = CONCAT(name, '+') WHERE id = %s", [pk])

    @rerun
    def batch():
        runs.append("batch")
        rival_holds_second.wait(5)
        batch_waits.set()
        send(longer(first.pk), longer(second.pk), longer(first.pk), commit=True)

    @transaction.atomic
    def rival():
        # The server ends the transaction that has written less.
        User.objects.bulk_create(User(email=f"{n}@example.com", name="rival") for n in range(50))
        rename(second.pk, "Rival")
        rival_holds_second.set()
        batch_waits.wait(5)
        time.sleep(0.3)  # by now the batch waits at its second statement, its first is done
        rename(first.pk, "Rival")

    assert at_once([batch, rival]) == [None, None]
    assert runs == ["batch", "batch"]
    assert list(User.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk").values_list(
        "name", flat=True
    )) == ["Rival++", "Rival+"]  # fmt: skip
    assert not connection.in_atomic_block


@contextlib.contextmanager
def locked_elsewhere(pk, seconds):
    """The row of a guest, locked by somebody else: for so long, or until the event is set."""
    locked, let_go = threading.Event(), threading.Event()

    def hold_on():
        with transaction.atomic():
            list(User.objects.select_for_update().filter(pk=pk))
            rename(pk, "locked")
            locked.set()
            let_go.wait(seconds)
        connection.close()

    thread = threading.Thread(target=hold_on)
    thread.start()
    assert locked.wait(5)
    try:
        yield let_go
    finally:
        thread.join()


@pytest.mark.usefixtures("on_mariadb")
def test_a_lock_that_is_waited_for_too_long_is_asked_for_again():
    guest, runs = alice(), []
    with connection.cursor() as cursor:
        cursor.execute("SET innodb_lock_wait_timeout = 1")

    @rerun
    def write():
        runs.append(1)
        rename(guest.pk, "patient")

    try:
        with locked_elsewhere(guest.pk, seconds=1.3):
            write()
    finally:
        connection.close()
    assert len(runs) == 2
    assert User.objects.get().name == "patient"


@pytest.mark.usefixtures("on_mariadb")
def test_nowait_leaves_no_transaction_open():
    """MariaDB says 1205 then, and does not roll back by itself."""
    guest, runs = alice(), []

    @rerun
    def write():
        runs.append(1)
        if len(runs) > 1:
            somebody.set()
        bob_was_here = User.objects.filter(name="Bob").exists()
        assert not bob_was_here  # what the run before had written is undone
        User.objects.create(email=f"bob{len(runs)}@example.org", name="Bob")
        User.objects.select_for_update(nowait=True).get(pk=guest.pk)

    with locked_elsewhere(guest.pk, seconds=5) as somebody:
        write()
    assert len(runs) > 1
    assert User.objects.filter(name="Bob").count() == 1


@pytest.mark.usefixtures("on_mariadb")
def test_a_connection_that_is_killed_in_a_transaction_is_not_repeated():
    """Nobody knows what became of it: that is for the caller to find out, and 503 for a guest."""
    guest, runs = alice(), []

    def kill(number):
        with connection.cursor() as cursor:
            cursor.execute(f"KILL CONNECTION {number:d}")
        connection.close()

    @rerun
    def write():
        runs.append(1)
        rename(guest.pk, "half done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT CONNECTION_ID()")
            number = cursor.fetchone()[0]
        killer = threading.Thread(target=kill, args=[number])
        killer.start()
        killer.join()
        rename(guest.pk, "done")

    with pytest.raises(OperationalError) as raised:
        write()
    assert raised.value.args[0] in (2006, 2013)
    assert len(runs) == 1
    connection.close()  # as the end of a request does
    assert User.objects.get().name == "Alice"


@pytest.mark.usefixtures("on_sqlite_only")
def test_a_busy_sqlite_is_asked_again():
    guest, runs = alice(), []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")  # milliseconds

    @rerun
    def write():
        runs.append(1)
        rename(guest.pk, "patient")

    busy = []
    begin = connection._start_transaction_under_autocommit

    def counted():
        busy.append(1)
        begin()

    connection._start_transaction_under_autocommit = counted
    try:
        with locked_elsewhere(guest.pk, seconds=0.15):
            write()
    finally:
        del connection._start_transaction_under_autocommit
        connection.close()
    assert len(busy) > 1  # refused at BEGIN, before anything was read
    assert len(runs) == 1
    assert User.objects.get().name == "patient"
