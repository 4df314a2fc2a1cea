"""The guards of seats and money, each of which can be taken away for a control."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from moviereservation.db.batches import Statement
from payments.models import LedgerEntry
from payments.tests.append_only import empty_ledger
from reservations.booking import extension, holding, statements
from reservations.models import Reservation, StateChange
from reservations.models.reservation import ReservationQuerySet
from reservations.tests.orders.verbs import Meeting
from reservations.tests.orders.worker import Job

ONE_ACT = next(c for c in LedgerEntry._meta.constraints if c.name == "an_act_is_written_once")


@pytest.fixture
def without_looking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "taken_after_lapsing", lambda *_args, **_options: set())


@pytest.fixture
def without_read_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """REPEATABLE READ: what was read before a lock is what is still seen behind it."""
    jobs = Meeting.jobs

    def at_another_isolation(job: Job) -> Job:
        def doing() -> object:
            # Straight to the server: it is no step of the verb's.
            level = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            connection.connection.query(level)
            return job()

        return doing

    monkeypatch.setattr(
        Meeting,
        "jobs",
        lambda meeting, scene: list(map(at_another_isolation, jobs(meeting, scene))),
    )


@pytest.fixture
def without_lines_only_if_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "if_changed", lambda value: ("%s", value))


@pytest.fixture
def without_compare_and_set_in_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    _reworded(monkeypatch, "pin_in_time", "state = %s AND held_until > %s", "%s <> %s")


@pytest.fixture
def without_compare_and_set_in_confirm(monkeypatch: pytest.MonkeyPatch) -> None:
    _reworded(monkeypatch, "confirm_pinned", "AND state = %s", "AND %s <> ''")


@pytest.fixture
def without_compare_and_set_in_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step is made whatever the record's state is by now."""
    narrowed = ReservationQuerySet.filter

    def whatever_it_is(self: Any, *args: Any, **conditions: Any) -> Any:
        if {*conditions} == {"pk", "state"}:
            del conditions["state"]
        return narrowed(self, *args, **conditions)

    monkeypatch.setattr(ReservationQuerySet, "filter", whatever_it_is)


@pytest.fixture
def without_lock_in_extend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension, "lock_seats", lambda _seat_ids: None)


@pytest.fixture
def without_one_act() -> Iterator[None]:
    """An act of the ledger can be written twice."""
    with connection.schema_editor() as editor:
        editor.remove_constraint(LedgerEntry, ONE_ACT)
    yield
    Reservation.objects.update(payment=None)
    StateChange.objects.all().delete()
    empty_ledger()
    with connection.schema_editor() as editor:
        editor.add_constraint(LedgerEntry, ONE_ACT)


def _reworded(monkeypatch: pytest.MonkeyPatch, name: str, words: str, other: str) -> None:
    original = getattr(statements, name)

    def reworded(*args: Any, **options: Any) -> Statement:
        sql, params = original(*args, **options)
        assert words in sql
        return Statement(sql.replace(words, other), params)

    monkeypatch.setattr(statements, name, reworded)
