"""The SQL of seats that is written by hand, a function for each statement: the only place of it.

The ORM says the same in three times the CPU (docs/performance.md), and a booking is little else
than these. `holding`, `steps` and `checkout.settlement` say when each is sent, and which of them
together. All of them run on SQLite, MariaDB and MySQL. What is inserted and what is read as a
record comes from the models (`db.inserts`, `db.rows`), so that a new column is not forgotten here.
"""

import functools
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from accounts.actors import Actor
from moviereservation.db import inserts
from moviereservation.db.batches import Statement, if_changed, send
from moviereservation.db.inserts import Raw
from moviereservation.db.rows import Columns
from moviereservation.web.converters import LARGEST_KEY
from payments.models import Payment
from reservations.booking.holder import Holder
from reservations.booking.offers import Claim, Offer
from reservations.models import Reservation, ReservedSeat, State, StateChange
from showtimes.models import Seat, ShowtimeState, TicketType

RESERVATION = Columns(Reservation, "r")
PAYMENT = Columns(Payment, "p")
CLAIM = Columns(ReservedSeat, "c")
SEAT = Columns(Seat, "s")
TICKET_TYPE = Columns(TicketType, "t")


def offer(showtime_id: int, holder: Holder, seat_ids: Collection[int] = ()) -> Offer | None:
    """One public showtime, with the live claims on some of its seats.

    None for one that does not exist or is a draft.
    """
    if not 0 < showtime_id <= LARGEST_KEY:
        return None
    ((column, value),) = holder.key.items()
    asked_for = frozenset(seat_ids)
    rows = _rows(
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


def lock(seat_ids: Collection[int]) -> Statement:
    """Lock seats in the order of their keys: whoever wants the same waits here."""
    return Statement(_locking(len(seat_ids)), list(seat_ids))


def live(showtime_id: int, seat_ids: Collection[int]) -> Statement:
    """The live claims on these seats of a showtime, for `claims_in`."""
    return Statement(
        "SELECT c.seat_id, c.reservation_id, r.state, r.held_until, r.guest_id, r.visitor"
        " FROM reservations_reservedseat c"
        " JOIN reservations_reservation r ON r.id = c.reservation_id"
        f" WHERE c.showtime_id = %s AND c.live = %s AND c.seat_id IN ({_slots(seat_ids)})",
        [showtime_id, True, *seat_ids],
    )


def live_claims(showtime_id: int, seat_ids: Collection[int]) -> list[Claim]:
    (answer,) = send(live(showtime_id, seat_ids))
    return claims_in(answer.rows)


def claims_in(rows: Iterable[Sequence[Any]]) -> list[Claim]:
    """What `live` found; some may be of holds that are over."""
    return [_claim(row) for row in rows]


def hold_seats(
    reservation: Reservation, offer: Offer, claims: Sequence[ReservedSeat], payment: Payment | None
) -> list[Statement]:
    """Insert a hold with its payment, if it has one already, and its claims; all unsaved.

    The showtime must still be on sale as it was offered: if it was cancelled or moved, or if the
    seats of its auditorium were changed, there is no reservation, and no claim without one.
    IntegrityError then, and when a seat is taken.
    """
    own = "(SELECT r.id FROM reservations_reservation r WHERE r.reference = %s)"
    still_offered = Statement(
        "FROM showtimes_showtime s JOIN showtimes_auditorium a ON a.id = s.auditorium_id"
        " WHERE s.id = %s AND s.state = %s AND a.id = %s AND a.plan_version = %s",
        [
            *(offer.showtime_id, ShowtimeState.ON_SALE.value),
            *(offer.auditorium_id, offer.plan_version),
        ],
    )
    before, link = [], {}
    if payment is not None:
        before, link = [inserts.insertion(payment)], {"payment_id": inserts.last_key()}
    return [
        *before,
        inserts.selection(reservation, still_offered, **link),
        inserts.insertion(*claims, reservation_id=Raw(own, [reservation.reference])),
    ]


def pin_in_time(reservation: Reservation, *, now: datetime) -> Statement:
    """Held becomes pinned, while the time is not over and the showtime takes place."""
    return Statement(
        "UPDATE reservations_reservation SET state = %s, holding = NULL, ended_at = NULL"
        " WHERE id = %s AND state = %s AND held_until > %s AND NOT EXISTS"
        " (SELECT 1 FROM showtimes_showtime s WHERE s.id = %s AND s.state = %s)",
        [
            *(State.PINNED.value, reservation.pk, State.HELD.value, _stored(now)),
            *(reservation.showtime_id, ShowtimeState.CANCELLED.value),
        ],
    )


def confirm_pinned(
    reservation: Reservation, *, now: datetime, acknowledged_at: datetime | None
) -> Statement:
    """Pinned becomes confirmed; perhaps whoever asked is told so at once."""
    return Statement(
        "UPDATE reservations_reservation SET state = %s, holding = NULL, ended_at = NULL,"
        " confirmed_at = %s, acknowledged_at = %s WHERE id = %s AND state = %s",
        [
            *(State.CONFIRMED.value, _stored(now), _stored(acknowledged_at)),
            *(reservation.pk, State.PINNED.value),
        ],
    )


def line_of_history(
    reservation: Reservation, was: State, to: State, *, at: datetime, by: Actor
) -> Statement:
    """The line of a step that the statement before it made; IntegrityError if it made none."""
    line = StateChange(
        reservation_id=reservation.pk, from_state=was, to_state=to, at=at, by=str(by)[:100]
    )
    sql, key = if_changed(reservation.pk)
    return inserts.insertion(line, reservation_id=Raw(sql, [key]))


def with_money(where: str, *values: Any) -> Reservation | None:
    """A reservation with its payment and all its claims, in one statement; they are in order.

    `where` says which: of `r`, the reservation, or of `p`, its payment.
    """
    rows = _rows(
        f"SELECT {RESERVATION.sql}, {CLAIM.sql}, {SEAT.sql}, {TICKET_TYPE.sql}, {PAYMENT.sql}"
        " FROM reservations_reservation r"
        " JOIN reservations_reservedseat c ON c.reservation_id = r.id"
        " JOIN showtimes_seat s ON s.id = c.seat_id"
        " JOIN showtimes_tickettype t ON t.id = c.ticket_type_id"
        " LEFT JOIN payments_payment p ON p.id = r.payment_id"
        f" WHERE {where} ORDER BY s.y, s.x",
        values,
    )
    if not rows:
        return None
    of_claim = len(RESERVATION)
    of_seat = of_claim + len(CLAIM)
    of_type = of_seat + len(SEAT)
    of_payment = of_type + len(TICKET_TYPE)
    reservation = RESERVATION.record(rows[0])
    if reservation.payment_id is not None:
        reservation.payment = PAYMENT.record(rows[0], of_payment)
    claims = []
    for row in rows:
        claim = CLAIM.record(row, of_claim)
        claim.reservation, claim.seat = reservation, SEAT.record(row, of_seat)
        claim.ticket_type = TICKET_TYPE.record(row, of_type)
        claims.append(claim)
    reservation.know_seats(claims)
    return reservation


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


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    (answer,) = send(Statement(sql, params))
    return list(answer.rows)


def _slots(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _stored(moment: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _moment(stored: Any) -> datetime:
    """Databases keep UTC without saying so; SQLite keeps it as text."""
    moment = parse_datetime(stored) if isinstance(stored, str) else stored
    assert moment is not None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
