"""The hot path of a hold as SQL by hand: the only place of seats that writes its own.

The ORM says the same in three times the CPU (docs/performance.md), and under a rush this is all
that the product does. Each function is one statement, and `holding.py` says what it is for. All of
them run on SQLite, MariaDB and MySQL, and are tested through `booking.hold`.
"""

import functools
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from moviereservation.web.converters import LARGEST_KEY
from reservations.booking.holder import Holder
from reservations.models import Reservation, State, new_ticket_id
from showtimes.models import Seat, ShowtimeState


@dataclass(frozen=True, slots=True)
class Claim:
    """A live claim, and what became of the reservation that has it."""

    seat_id: int
    reservation_id: int
    state: str
    held_until: datetime
    owner: int | str | None  # the account, or else the visitor

    def is_over(self, *, now: datetime) -> bool:
        """A hold whose time is over: it may lapse."""
        return self.state == State.HELD and self.held_until <= now


@dataclass(frozen=True, slots=True)
class Offer:
    """A showtime as a hold needs it, the holder's own hold for it, if there is one, and how many
    seats of it the holder has paid for or is paying for (`standing`).

    `seen` are the live claims on the seats that were asked for (`asked_for`).
    """

    showtime_id: int
    auditorium_id: int
    plan_version: int
    state: str
    starts_at: datetime
    prices: dict[str, int]
    own_id: int | None
    standing: int
    asked_for: frozenset[int]
    seen: tuple[Claim, ...]

    def sells(self, *, now: datetime) -> bool:
        return self.state == ShowtimeState.ON_SALE and now < self.starts_at


def offer(showtime_id: int, holder: Holder, seat_ids: Collection[int] = ()) -> Offer | None:
    """One public showtime, with the live claims on some of its seats.

    None for one that does not exist or is a draft.
    """
    if not 0 < showtime_id <= LARGEST_KEY:
        return None
    ((column, value),) = holder.key.items()
    asked_for = frozenset(seat_ids)
    rows = _all(
        "SELECT s.auditorium_id, a.plan_version, s.state, s.starts_at, s.prices, r.id,"
        " (SELECT COUNT(*) FROM reservations_reservation p"
        " JOIN reservations_reservedseat c ON c.reservation_id = p.id"
        f" WHERE p.{column} = %s AND p.showtime_id = s.id AND p.state IN (%s, %s)"
        " AND c.returned_at IS NULL),"
        " c.seat_id, o.id, o.state, o.held_until, o.guest_id, o.visitor"
        " FROM showtimes_showtime s"
        " JOIN showtimes_auditorium a ON a.id = s.auditorium_id"
        " LEFT JOIN reservations_reservation r"
        f" ON r.showtime_id = s.id AND r.{column} = %s AND r.holding = %s"
        " LEFT JOIN reservations_reservedseat c"
        f" ON c.showtime_id = s.id AND c.live = %s AND c.seat_id IN ({_slots(asked_for) or 'NULL'})"
        " LEFT JOIN reservations_reservation o ON o.id = c.reservation_id"
        " WHERE s.id = %s AND s.state <> %s",
        [
            *(value, State.PINNED.value, State.CONFIRMED.value),
            *(value, True),
            *(True, *asked_for),
            *(showtime_id, ShowtimeState.DRAFT.value),
        ],
    )
    if not rows:
        return None
    auditorium_id, version, state, starts_at, prices, own_id, standing = rows[0][:7]
    return Offer(
        showtime_id, auditorium_id, version, state, _moment(starts_at), json.loads(prices), own_id,
        standing, asked_for, tuple(_claim(row[7:]) for row in rows if row[7] is not None),
    )  # fmt: skip


def lock(seat_ids: Collection[int]) -> None:
    """Lock seats in the order of their keys, inside the caller's transaction."""
    if seat_ids:
        _all(_locking(len(seat_ids)), list(seat_ids))


def live(showtime_id: int, seat_ids: Collection[int]) -> list[Claim]:
    """The live claims on these seats of a showtime; some may be of holds that are over."""
    rows = _all(
        "SELECT c.seat_id, c.reservation_id, r.state, r.held_until, r.guest_id, r.visitor"
        " FROM reservations_reservedseat c"
        " JOIN reservations_reservation r ON r.id = c.reservation_id"
        f" WHERE c.showtime_id = %s AND c.live = %s AND c.seat_id IN ({_slots(seat_ids)})",
        [showtime_id, True, *seat_ids],
    )
    return [_claim(row) for row in rows]


def seats_of(reservation_id: int) -> list[tuple[str, int, str, int]]:
    """Row, number, kind and price of a reservation's seats, from the picture, left to right."""
    return _all(
        "SELECT s.row, s.number, s.kind, c.price FROM reservations_reservedseat c"
        " JOIN showtimes_seat s ON s.id = c.seat_id WHERE c.reservation_id = %s"
        " ORDER BY s.y, s.x",
        [reservation_id],
    )


def write_hold(reservation: Reservation, offer: Offer) -> bool:
    """Insert an unsaved reservation that is held; its key is set.

    False, and nothing is written, when the showtime is not on sale any more as it was offered: it
    was cancelled, moved to another auditorium, or the seats of its auditorium were changed.
    """
    row = {
        "reference": reservation.reference,
        "guest_id": reservation.guest_id,
        "visitor": reservation.visitor,
        "showtime_id": reservation.showtime_id,
        "state": State.HELD.value,
        "holding": True,
        "held_until": _stored(reservation.held_until),
        "extensions": reservation.extensions,
        "amount": reservation.amount,
        "currency": reservation.currency,
        "cancellable_until": _stored(reservation.cancellable_until),
        "created_at": _stored(reservation.created_at),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reservations_reservation ({', '.join(row)}) SELECT {_slots(row)}"
            " FROM showtimes_showtime s JOIN showtimes_auditorium a ON a.id = s.auditorium_id"
            " WHERE s.id = %s AND s.state = %s AND a.id = %s AND a.plan_version = %s",
            [
                *row.values(),
                *(offer.showtime_id, ShowtimeState.ON_SALE.value),
                *(offer.auditorium_id, offer.plan_version),
            ],
        )
        if not cursor.rowcount:
            return False
        reservation.pk = cursor.lastrowid
    reservation._state.adding = False
    reservation._state.db = connection.alias
    return True


def write_claims(reservation: Reservation, prices: Sequence[tuple[int, int]]) -> None:
    """Insert live claims for pairs of seat key and price. IntegrityError: a seat is taken."""
    values: list[Any] = []
    for seat_id, price in prices:
        values += [reservation.pk, reservation.showtime_id, seat_id, price, True, new_ticket_id()]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_reservedseat"
            " (reservation_id, showtime_id, seat_id, price, live, ticket_id)"
            f" VALUES {', '.join(['(%s, %s, %s, %s, %s, %s)'] * len(prices))}",
            values,
        )


def link_payment(reservation: Reservation) -> None:
    """Write which payment is for the reservation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reservations_reservation SET payment_id = %s WHERE id = %s",
            [reservation.payment_id, reservation.pk],
        )


@functools.cache
def _locking(count: int) -> str:
    """The ORM's statement that locks so many seats; on SQLite, where the transaction has the only
    write lock already, it locks nothing."""
    seats = Seat.objects.select_for_update().filter(pk__in=range(count)).order_by("pk")
    sql, _params = seats.values_list("pk").query.sql_with_params()
    return sql


def _claim(row: Sequence[Any]) -> Claim:
    seat_id, reservation_id, state, held_until, guest_id, visitor = row
    return Claim(seat_id, reservation_id, state, _moment(held_until), guest_id or visitor)


def _all(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _slots(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _moment(stored: Any) -> datetime:
    """Databases keep UTC without saying so; SQLite keeps it as text."""
    moment = parse_datetime(stored) if isinstance(stored, str) else stored
    assert moment is not None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
