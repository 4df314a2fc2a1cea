"""What a whole booking costs, counted by the server and by Stripe: it stays so."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.tests.cast import alice, api_client, bob
from reservations.tests.crowd import on_sqlite
from showtimes.tests.factories import make_showtime
from tools.standin.process import Running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(on_sqlite(), reason="the server counts its statements"),
]
READS = ("select",)
WRITES = ("insert", "insert_select", "update", "update_multi", "delete", "delete_multi", "replace")
MOST_STATEMENTS, MOST_COMMITS, MOST_CALLS = 20, 4, 3


def counted() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Com\\_%'")
        return Counter({name[4:].lower(): int(count) for name, count in cursor.fetchall()})


@contextlib.contextmanager
def autocommitted() -> Iterator[list[str]]:
    """The writes that are each a transaction of their own."""
    alone: list[str] = []

    def statement(execute, sql, params, many, context):
        if not connection.in_atomic_block and not sql.startswith(("SELECT", "SHOW")):
            alone.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(statement):
        yield alone


def test_a_whole_booking_costs_few_statements_commits_and_calls(stripe_standin):
    client, first = api_client(alice()), make_showtime()
    book(client, stripe_standin, first.pk, ["A1", "A2"])
    later = first.starts_at + timedelta(hours=5)
    second = make_showtime(movie=first.movie, auditorium=first.auditorium, starts_at=later)
    # A worker that has sold a seat of the showtime knows its plan.
    book(api_client(bob()), stripe_standin, second.pk, ["B1", "B2"])
    calls, before = len(stripe_standin.calls()), counted()
    with autocommitted() as alone:
        book(client, stripe_standin, second.pk, ["A1", "A2"])
    spent = counted() - before
    statements = sum(spent[name] for name in (*READS, *WRITES))
    assert statements <= MOST_STATEMENTS, spent
    assert spent["commit"] + len(alone) <= MOST_COMMITS, (spent, alone)
    ours = [call for call in stripe_standin.calls()[calls:] if "confirm" not in call["path"]]
    assert len(ours) <= MOST_CALLS, ours


def book(client: Any, stripe: Running, showtime_id: int, seats: list[str]) -> None:
    wanted = {"showtimeId": showtime_id, "seats": seats}
    started = client.post("/payment/create-payment-intent", wanted, format="json")
    assert started.status_code == 201, started.json()
    intent_id = started.json()["paymentIntentId"]
    stripe.confirm(intent_id)
    sold = client.post("/reservations", {"paymentIntentId": intent_id}, format="json")
    assert sold.status_code == 201, sold.json()
