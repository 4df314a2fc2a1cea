"""A transaction is run again, as a whole, when the database asks for it, and only then."""

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection

from accounts.models import User
from accounts.tests.cast import alice, api_client, as_json, make_person
from moviereservation.db import transactions
from moviereservation.db.transactions import ATTEMPTS, FIRST_PAUSE, RUN_AGAIN, is_transient, rerun
from reservations.errors import SeatsLost
from reservations.models import Reservation
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = ["database is locked", "database table is locked: x", "database is busy"]
TRANSIENT = [*((code, "…") for code in sorted(RUN_AGAIN)), *((words,) for words in BUSY)]


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made, in seconds; none is really waited for."""
    made = []
    monkeypatch.setattr(transactions.time, "sleep", made.append)
    return made


def failing(*failures):
    """A verb that writes a guest, then fails in each of these ways, and then does not fail."""
    failures = list(failures)

    @rerun
    def verb():
        make_person(f"Guest{len(failures)}")
        if failures:
            raise failures.pop(0)
        return "done"

    return verb


@pytest.mark.parametrize("told", TRANSIENT, ids=str)
def test_what_the_database_asks_to_repeat_is_repeated_from_the_start(told, pauses):
    assert failing(OperationalError(*told), DatabaseError(*told))() == "done"
    assert [guest.name for guest in User.objects.all()] == ["Guest0"]  # the others were undone
    assert len(pauses) == 2


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError(1062, "Duplicate entry"),
        IntegrityError("UNIQUE constraint failed"),
        IntegrityError(4025, "CONSTRAINT failed"),
        OperationalError(2006, "Server has gone away"),
        OperationalError(2013, "Lost connection during query"),
        OperationalError(1040, "Too many connections"),
        ProgrammingError(1064, "Syntax"),
        DatabaseError(),
        SeatsLost(),
        ValueError("a bug"),
    ],
    ids=repr,
)
def test_nothing_else_is_repeated(error, pauses):
    with pytest.raises(type(error)) as raised:
        failing(error)()
    assert raised.value is error
    assert not pauses
    assert not User.objects.exists()


def test_it_gives_up_after_a_bounded_number_of_runs(pauses):
    with pytest.raises(OperationalError, match="1213"):
        failing(*[OperationalError(1213, "Deadlock")] * ATTEMPTS)()
    assert len(pauses) == ATTEMPTS - 1
    assert not User.objects.exists()
    assert sum(pauses) < 2  # seconds


def test_the_pauses_grow_and_no_two_are_alike(pauses):
    for _guest in range(2):
        failing(*[OperationalError(1213, "Deadlock")] * (ATTEMPTS - 1))()
        User.objects.all().delete()
    first, second = pauses[: ATTEMPTS - 1], pauses[ATTEMPTS - 1 :]
    for pair in zip(first, second, strict=True):
        assert pair[0] != pair[1]
    for n, pause in enumerate(first):
        assert 0.5 * FIRST_PAUSE * 2**n <= pause <= 1.5 * FIRST_PAUSE * 2**n


def test_a_refusal_at_commit_repeats_all_of_it(monkeypatch, pauses):
    """Galera says at COMMIT that another node was first."""
    commit, refusals = connection.commit, [OperationalError(1213, "Deadlock at commit")] * 3

    def refused():
        if refusals:
            raise refusals.pop()
        commit()

    monkeypatch.setattr(connection, "commit", refused)
    assert failing()() == "done"
    assert [guest.name for guest in User.objects.all()] == ["Guest0"]
    assert len(pauses) == 3


def test_a_hold_survives_refusals_at_commit(monkeypatch, pauses):
    # The refusal is ours and comes before COMMIT is sent, so it is not sent with the statements.
    monkeypatch.setattr(connection, "sends_batches", False, raising=False)
    guest, showtime = alice(), make_showtime()
    commit, refusals = connection.commit, [OperationalError(1213, "Deadlock at commit")] * 3

    def refused():
        if refusals:
            raise refusals.pop()
        commit()

    monkeypatch.setattr(connection, "commit", refused)
    hold_for(guest, showtime, "A1", "A2")
    assert not refusals
    held = Reservation.objects.get()
    assert held.seats.live().count() == 2


def test_what_to_do_after_the_commit_is_done_once(pauses):
    from django.db import transaction

    failures, done = [OperationalError(1213, "Deadlock")] * 2, []

    @rerun
    def verb():
        transaction.on_commit(lambda: done.append("told"))
        if failures:
            raise failures.pop()

    verb()
    assert done == ["told"]


def test_a_code_in_words_is_no_code():
    assert not is_transient(OperationalError("1213"))
    assert not is_transient(OperationalError("no such table: database is locked"))


@pytest.mark.parametrize("code", [2006, 2013])
def test_a_database_that_went_away_is_503_and_come_back_soon(code):
    client, showtime = api_client(alice()), make_showtime()
    wish = as_json({"showtimeId": showtime.pk, "seats": ["A1"]})

    def gone(execute, sql, params, many, context):
        if sql.startswith("INSERT"):
            raise OperationalError(code, "Server has gone away")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        answer = client.post("/payment/create-payment-intent", **wish)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "gone away" not in answer.content.decode()
    assert not Reservation.objects.exists()
