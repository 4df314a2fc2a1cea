"""Years of bookings, written straight into the product's database, and the audit timed on them.

    python -m benchmarks.many_bookings 10000

prints JSON: for each rule of the audit its name, its seconds and how much it found. The bookings
are sound: of a hundred for a showtime, fifty-five are sold, five are sold and paid back, forty
have lapsed, half of these with an intent.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")

EACH = 100  # reservations of a showtime, two seats each
ROOMS = 20
GUESTS = 1000
BASE = 1_000_000_000  # keys begin here, beyond what is there
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PLAN = "\n".join(f"{row}  {'s' * 20}" for row in "ABCDEFGHJK")

# `n` counts the reservations, `s` their showtimes, `k` from 0 the reservations of a showtime.
NUMBERED = "SELECT n + %s, s + %s, k FROM bench_numbers"
# So many at a time, because the product's connection waits for no statement longer than seconds.
AT_ONCE = 50_000
REFERENCE = "LPAD(CAST(n AS CHAR), 10, '0')"
PAID = "k < 60"
SOLD = "k < 55"
PAID_BACK = "k >= 55 AND k < 60"
WITH_INTENT = "k < 80"
LAPSED = "k >= 60"

INSERTS = (
    f"""INSERT INTO payments_payment (id, payer_id, reference, amount, currency, intent_id,
        client_secret, status, amount_captured, last_error, livemode, created_at, looked_at)
    SELECT {BASE} + n, {BASE} + MOD(n, {GUESTS}), {REFERENCE}, 2400, 'usd',
        LPAD(CAST(n AS CHAR), 27, 'pi_'), '', CASE WHEN {PAID} THEN 'succeeded' ELSE 'canceled' END,
        CASE WHEN {PAID} THEN 2400 ELSE 0 END, '', 0, %s, %s
    FROM ({{these}}) numbered WHERE {WITH_INTENT}
    """,
    f"""INSERT INTO reservations_reservation (id, reference, guest_id, showtime_id, state,
        held_until, extensions, amount, currency, payment_id, cancellable_until, created_at,
        confirmed_at, ended_at)
    SELECT {BASE} + n, {REFERENCE}, {BASE} + MOD(n, {GUESTS}), {BASE} + s,
        CASE WHEN {SOLD} THEN 'confirmed' WHEN {PAID_BACK} THEN 'cancelled' ELSE 'lapsed' END,
        %s, 0, 2400, 'usd', CASE WHEN {WITH_INTENT} THEN {BASE} + n END, %s, %s,
        CASE WHEN {PAID} THEN %s END, CASE WHEN {SOLD} THEN NULL ELSE %s END
    FROM ({{these}}) numbered
    """,
    *(
        f"""INSERT INTO reservations_reservedseat (reservation_id, showtime_id, seat_id, price,
            live, ticket_id)
        SELECT {BASE} + n, {BASE} + s, first_seat + 2 * k + {side}, 1200,
            CASE WHEN {SOLD} THEN 1 END, LPAD(CAST(2 * n + {side} AS CHAR), 16, '0')
        FROM ({{these}}) numbered JOIN showtimes_showtime shown ON shown.id = {BASE} + s
        JOIN (SELECT auditorium_id, MIN(id) AS first_seat FROM showtimes_seat GROUP BY
            auditorium_id) room ON room.auditorium_id = shown.auditorium_id
        """
        for side in (0, 1)
    ),
    *(
        f"""INSERT INTO reservations_statechange (reservation_id, from_state, to_state, at, {{by}})
        SELECT {BASE} + n, '{was}', '{to}', %s, 'benchmark' FROM ({{these}}) numbered WHERE {which}
        """
        for was, to, which in (
            ("held", "pinned", PAID),
            ("pinned", "confirmed", PAID),
            ("confirmed", "cancelled", PAID_BACK),
            ("held", "lapsed", LAPSED),
        )
    ),
    f"""INSERT INTO payments_refund (payment_id, amount, reason, status, {{key}}, failure_reason,
        created_at, tried_at, attempts)
    SELECT {BASE} + n, 2400, 'cancelled', 'succeeded', {REFERENCE}, '', %s, %s, 1
    FROM ({{these}}) numbered WHERE {PAID_BACK}
    """,
)


def write(reservations: int) -> None:
    """So many reservations (a multiple of a hundred), with showtimes, money and history."""
    from django.db import connection

    from reservations.migrations import _books

    _people_and_showtimes(-(-reservations // EACH))
    quote, then = connection.ops.quote_name, connection.ops.adapt_datetimefield_value(LONG_AGO)
    names = {"by": quote("by"), "key": quote("key")}
    with connection.cursor() as cursor:
        _count(cursor, reservations)
        for insert in INSERTS:
            for first in range(0, reservations, AT_ONCE):
                these = f"SELECT * FROM bench_numbers WHERE n >= {first} AND n < {first + AT_ONCE}"
                cursor.execute(insert.format(these=these, **names), [then] * insert.count("%s"))
        cursor.execute("DROP TABLE bench_numbers")
        _books.fill(connection)
        if connection.vendor == "mysql":
            cursor.execute(
                "ANALYZE TABLE payments_payment, payments_refund, reservations_reservation,"
                " reservations_reservedseat, reservations_statechange, payments_ledgerentry"
            )


def audited() -> list[tuple[str, float, int]]:
    """Every rule, the seconds that it took, and how much it found."""
    from moviereservation.db import audit_rules

    timed, began = [], time.perf_counter()
    for rule, finding in audit_rules.findings(now=datetime.now(UTC)):
        ended = time.perf_counter()
        timed.append((rule.name, ended - began, finding.count if finding else 0))
        began = ended
    return timed


def _people_and_showtimes(showtimes: int) -> None:
    from accounts.models import User
    from movies import catalogue
    from showtimes import seat_plan
    from showtimes.models import Auditorium, Showtime

    User.objects.bulk_create(
        User(pk=BASE + n, email=f"many{n}@example.org", name=f"Guest {n}", password="!")
        for n in range(GUESTS)
    )
    movie = catalogue.add({"title": "Many bookings", "runtime_minutes": 90}, ["Drama"])
    rooms = [
        seat_plan.apply_plan(Auditorium.objects.create(name=f"Many {n}", plan=PLAN))
        for n in range(ROOMS)
    ]
    Showtime.objects.bulk_create(
        [
            Showtime(
                pk=BASE + n,
                movie=movie,
                auditorium=rooms[n % ROOMS],
                starts_at=LONG_AGO + timedelta(hours=3 * (n // ROOMS)),
                ends_at=LONG_AGO + timedelta(hours=3 * (n // ROOMS) + 2),
                state="on_sale",
                prices={"standard": 1200},
            )
            for n in range(showtimes)
        ],
        batch_size=1000,
    )


def _count(cursor: object, to: int) -> None:
    """A table of numbers, doubled until there are enough."""
    execute = cursor.execute  # type: ignore[attr-defined]
    execute("CREATE TABLE bench_numbers (n BIGINT PRIMARY KEY, s BIGINT, k BIGINT)")
    rows = ", ".join(f"({n}, 0, {n})" for n in range(EACH))
    execute(f"INSERT INTO bench_numbers VALUES {rows}")
    there = EACH
    while there < to:
        # The whole SELECT is read before the first row is written, on every database.
        execute(f"INSERT INTO bench_numbers {NUMBERED}", [there, there // EACH])
        there *= 2
    execute("DELETE FROM bench_numbers WHERE n >= %s", [to])


if __name__ == "__main__":
    django.setup()
    from reservations.management.commands.audit import be_patient

    be_patient()
    write(int(sys.argv[1]) // EACH * EACH)
    json.dump(audited(), sys.stdout)
