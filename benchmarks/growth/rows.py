"""A cinema that has sold for years: so many bookings in the past, and always the same coming week.

    python -m benchmarks.growth.rows '{"reservations": 10000}'

writes them into the product's MariaDB by INSERT … SELECT, which makes millions of rows in minutes.
Of twenty reservations eleven were sold, one was sold and paid back, eight lapsed, four of these
with an intent. What a guest of today reads stays the same: a catalogue of 224 movies, a week of
showtimes of 24 of them, and a guest with ten bookings. It prints JSON: the keys of these.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")

ROOMS = 8
MOVIES = 24
A_DAY = 6  # showtimes of an auditorium
OLD_MOVIES = 200
WEEK = 7 * ROOMS * A_DAY  # showtimes to come
FROM = 1_000_000  # the first key, beyond what is there
AT_ONCE = 50_000
PLAN = "\n".join(f"{row}  {'s' * 20}" for row in "ABCDEFGHJK")
OF_THE_GUEST = 10

# `n` counts from 0; {R} and {G} are how many reservations and guests there are, {S} showtimes.
KEY = f"{FROM} + n"
# Spread over the alphabet like random ones, and no two alike.
REFERENCE = "CONCAT(LPAD(CONV(MOD((n + 1) * 7368787, 1000000007), 10, 32), 6, '0'), 'GR0W')"
INTENT = f"CONCAT('pi_3', LPAD(MD5({REFERENCE}), 24, '0'))"
GUEST = f"{FROM} + MOD(n * 7919, {{G}})"
SHOWTIME = f"{FROM} + n * {{S}} DIV {{R}}"
# From the first showtime until now, evenly.
MOMENT = "%s + INTERVAL (n * {{seconds}} DIV {{R}}) SECOND".replace("{{", "{").replace("}}", "}")
IS_SOLD, IS_BACK, HAS_INTENT = (
    "MOD(n, 20) BETWEEN 1 AND 11",
    "MOD(n, 20) = 0",
    "MOD(n, 20) < 16",
)
IS_PAID = "MOD(n, 20) < 12"

# Of each table: how many rows for the count of what, its columns, and what they are.
RESERVATIONS = (
    (
        "payments_payment",
        "id, payer_id, reference, amount, currency, intent_id, client_secret, status,"
        " amount_captured, last_error, livemode, created_at, looked_at",
        f"{KEY}, {GUEST}, {REFERENCE}, 2400, 'usd', {INTENT}, '',"
        f" IF({IS_PAID}, 'succeeded', 'canceled'), IF({IS_PAID}, 2400, 0), '', 0, {MOMENT},"
        f" {MOMENT}",
        HAS_INTENT,
    ),
    (
        "reservations_reservation",
        "id, reference, guest_id, showtime_id, state, held_until, extensions, amount, currency,"
        " payment_id, cancellable_until, created_at, confirmed_at, ended_at",
        f"{KEY}, {REFERENCE}, {GUEST}, {SHOWTIME},"
        f" IF({IS_SOLD}, 'confirmed', IF({IS_BACK}, 'cancelled', 'lapsed')), {MOMENT}, 0, 2400,"
        f" 'usd', IF({HAS_INTENT}, {KEY}, NULL), {MOMENT}, {MOMENT}, IF({IS_PAID}, {MOMENT}, NULL),"
        f" IF({IS_SOLD}, NULL, {MOMENT})",
        "TRUE",
    ),
    *(
        (
            "reservations_reservedseat",
            "reservation_id, showtime_id, seat_id, price, live, ticket_id",
            f"{KEY}, {SHOWTIME}, {{seat}} + 2 * MOD(n, 10) + {side}, 1200,"
            f" IF({IS_SOLD}, 1, NULL), CONCAT({REFERENCE}, 'TICKE{side}')",
            "TRUE",
        )
        for side in (0, 1)
    ),
    *(
        (
            "reservations_statechange",
            "reservation_id, from_state, to_state, at, `by`",
            f"{KEY}, '{was}', '{became}', {MOMENT}, 'growth'",
            which,
        )
        for was, became, which in (
            ("held", "pinned", IS_PAID),
            ("pinned", "confirmed", IS_PAID),
            ("confirmed", "cancelled", IS_BACK),
            ("held", "lapsed", f"NOT ({IS_PAID})"),
        )
    ),
    (
        "payments_refund",
        "payment_id, amount, reason, status, `key`, refund_id, failure_reason, created_at,"
        " tried_at, attempts",
        f"{KEY}, 2400, 'cancelled', 'succeeded', CONCAT('refund-', {REFERENCE}),"
        f" CONCAT('re_3', MD5({REFERENCE})), '', {MOMENT}, {MOMENT}, 1",
        IS_BACK,
    ),
    *(
        (
            "payments_ledgerentry",
            "act, line, kind, account, amount, currency, category, item, tax, tax_rate, day, at,"
            " actor, payment_id, subject",
            f"CONCAT('{act}:', {REFERENCE}), {line}, '{kind}', '{account}', {amount}, 'usd', '',"
            f" '', 0, NULL, DATE({MOMENT}), {MOMENT}, 'growth', {KEY}, {REFERENCE}",
            which,
        )
        for act, line, kind, account, amount, which in (
            ("sale", 1, "sale", "stripe_balance", 2400, IS_PAID),
            ("sale", 2, "sale", "sales", -2400, IS_PAID),
            ("cancel", 1, "cancellation", "owed", -2400, IS_BACK),
            ("cancel", 2, "cancellation", "sales", 2400, IS_BACK),
            ("refund", 1, "refund", "owed", 2400, IS_BACK),
            ("refund", 2, "refund", "stripe_balance", -2400, IS_BACK),
        )
    ),
    *(
        (
            "payments_webhookevent",
            "event_id, type, intent_id, received_at, handled_at",
            f"CONCAT('evt_{kind[-6]}', MD5({REFERENCE})), '{kind}', {INTENT}, {MOMENT}, {MOMENT}",
            which,
        )
        for kind, which in (
            ("payment_intent.amount_capturable_updated", IS_PAID),
            ("payment_intent.succeeded", IS_PAID),
            ("payment_intent.canceled", f"{HAS_INTENT} AND NOT ({IS_PAID})"),
        )
    ),
    (
        "accounts_letter",
        "`key`, kind, about, language, posted_at, due_at, good_until, tries, sent_at, trouble",
        f"CONCAT({REFERENCE}, ':confirmed'), 'confirmed', '{{{{}}}}', 'en', {MOMENT}, {MOMENT},"
        f" {MOMENT}, 1, {MOMENT}, ''",
        IS_PAID,
    ),
)  # fmt: skip
FIRST_NAMES = "'Anna', 'Ben', 'Clara', 'David', 'Emma', 'Finn', 'Greta', 'Hugo', 'Ida', 'Jonas'"
LAST_NAMES = "'Adler', 'Brandt', 'Cohen', 'Dietrich', 'Ernst', 'Fuchs', 'Graf', 'Huber', 'Iqbal'"
GUESTS = (
    "accounts_user",
    "id, password, is_superuser, email, name, is_staff, is_active, created_at",
    f"{KEY}, '!', 0, CONCAT(LOWER(ELT(1 + MOD(n, 10), {FIRST_NAMES})), '.', n, '@example.org'),"
    f" CONCAT(ELT(1 + MOD(n, 10), {FIRST_NAMES}), ' ', ELT(1 + MOD(n DIV 10, 9), {LAST_NAMES})),"
    f" 0, 1, {MOMENT}",
    "TRUE",
)
SHOWTIMES = (
    "showtimes_showtime",
    "id, movie_id, auditorium_id, starts_at, ends_at, state, format, language, has_captions,"
    " has_audio_description, is_relaxed, prices",
    f"{KEY}, {FROM} + n * {OLD_MOVIES} DIV {{S}}, ELT(1 + MOD(n, {ROOMS}), {{rooms}}),"
    f" %s - INTERVAL (({{S}} - n) DIV {ROOMS} * 4) HOUR,"
    f" %s - INTERVAL (({{S}} - n) DIV {ROOMS} * 4) HOUR + INTERVAL 3 HOUR,"
    " IF(MOD(n, 100) = 7 AND n < {S} - 1000, 'cancelled', 'on_sale'), '2D', '', 0, 0, 0,"
    """ '{{"standard": 1200}}'""",
    "TRUE",
)


MOVIES_SHOWN = (
    "movies_movie",
    "id, title, original_title, slug, summary, description, poster_url, poster_file, poster_alt,"
    " runtime_minutes, rating, rating_reason, directors, cast, language, country, trailer_url,"
    " created_at, updated_at",
    f"{KEY}, CONCAT('Old picture ', n), '', CONCAT('old-picture-', n), '', '', '', '', '', 100,"
    f" '', '', '', '', '', '', '', {MOMENT}, {MOMENT}",
    "TRUE",
)


def fill(reservations: int, guests: int = 0, showtimes: int = 0) -> dict[str, Any]:
    """Write everything into an empty, migrated MariaDB, and count it for the optimizer.

    There are a tenth as many `guests` and past `showtimes` if it is not said how many.
    """
    from django.db import connection
    from django.utils import timezone

    guests = guests or max(100, reservations // 10)
    showtimes = showtimes or min(100_000, max(1000, reservations // 10))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    known = _of_today(now)
    shape = {
        "R": reservations, "G": guests, "S": showtimes, "seat": known.pop("first_seat"),
        "rooms": ", ".join(map(str, known["rooms"])),
        "seconds": showtimes // ROOMS * 4 * 3600,
    }  # fmt: skip
    began = now - timedelta(seconds=shape["seconds"])
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION foreign_key_checks = 0, unique_checks = 0")
        _insert(cursor, GUESTS, range(guests), began, shape)
        _insert(cursor, MOVIES_SHOWN, range(OLD_MOVIES), began, shape)
        _insert(cursor, SHOWTIMES, range(showtimes), now, shape)
        # One table after the other, because all of them at once do not fit into memory; within it
        # all that happened in some days, so that what was written last is what happened last.
        for _name, inserts in groupby(RESERVATIONS, key=lambda table: table[0]):
            of_table = list(inserts)
            for first in range(0, reservations, AT_ONCE):
                numbers = range(first, min(reservations, first + AT_ONCE))
                for insert in of_table:
                    _insert(cursor, insert, numbers, began, shape)
        cursor.execute("SET SESSION foreign_key_checks = 1, unique_checks = 1")
        _book_for_the_guest(cursor, known["guest"], reservations)
        tables = {table for table, *_rest in (*RESERVATIONS, GUESTS, MOVIES_SHOWN, SHOWTIMES)}
        cursor.execute(f"ANALYZE TABLE {', '.join(sorted(tables))}")
        cursor.fetchall()
    return known


def _insert(
    cursor: Any, table: tuple[str, ...], numbers: range, moment: datetime, shape: dict[str, Any]
) -> None:
    name, columns, values, which = table
    chosen = values.format(**shape)
    cursor.execute(
        f"INSERT INTO {name} ({columns}) SELECT {chosen} FROM (SELECT seq AS n"
        f" FROM seq_{numbers[0]}_to_{numbers[-1]}) numbered WHERE {which}",
        [moment.replace(tzinfo=None)] * chosen.count("%s"),
    )


def _of_today(now: datetime) -> dict[str, Any]:
    """The auditoriums, movies and showtimes that a guest of today meets, and that guest."""
    from accounts.models import User
    from movies import catalogue
    from showtimes import seat_plan
    from showtimes.models import Auditorium, Seat, Showtime

    rooms = [
        seat_plan.apply_plan(Auditorium.objects.create(name=f"Screen {n}", plan=PLAN))
        for n in range(ROOMS)
    ]
    movies = [
        catalogue.add({"title": f"Picture {n}", "runtime_minutes": 100}, ["Drama"])
        for n in range(MOVIES)
    ]
    Showtime.objects.bulk_create(
        Showtime(
            movie=movies[n % MOVIES], auditorium=rooms[n % ROOMS], state="on_sale",
            starts_at=now + timedelta(hours=4 + n // ROOMS * 4),
            ends_at=now + timedelta(hours=7 + n // ROOMS * 4), prices={"standard": 1200},
        )
        for n in range(WEEK)
    )  # fmt: skip
    guest = User.objects.create_user("guest.of.today@example.org", name="Guest of today")
    return {
        "guest": guest.pk,
        "movies": [movie.pk for movie in movies],
        "rooms": [room.pk for room in rooms],
        "showtime": Showtime.objects.values_list("pk", flat=True).order_by("starts_at")[3],
        "slug": movies[3].slug,
        "first_seat": Seat.objects.order_by("pk").values_list("pk", flat=True)[0],
    }


def _book_for_the_guest(cursor: Any, guest: int, reservations: int) -> None:
    """The newest of what was sold are theirs."""
    newest = [FROM + reservations - n for n in range(1, 2 * OF_THE_GUEST, 2)]
    keys = ", ".join(map(str, newest))
    for table, column in (
        ("reservations_reservation", "guest_id"),
        ("payments_payment", "payer_id"),
    ):
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id IN ({keys})", [guest])


if __name__ == "__main__":
    django.setup()
    from reservations.management.commands.audit import be_patient

    be_patient()
    json.dump(fill(**json.loads(sys.argv[1])), sys.stdout)
