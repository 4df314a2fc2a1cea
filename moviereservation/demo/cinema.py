"""Opening the demo cinema: the films, rooms and showtimes of this package become records."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actors import Actor
from accounts.models import BOX_OFFICE, DOOR, MANAGER, User
from moviereservation.business_day import business_day
from moviereservation.demo.auditoriums import AUDITORIUMS
from moviereservation.demo.films import FILMS, Film
from moviereservation.demo.programme import PlannedShowtime, programme
from movies import catalogue
from movies.models import Movie
from payments import ledger
from payments.ledger import Item
from reservations.models import Reservation, ReservedSeat, State, StateChange
from showtimes import currencies, scheduling, seat_plan
from showtimes.models import Auditorium, Seat, SeatKind, Showtime, ShowtimeState

PASSWORD = "demo-cinema-1895"
PEOPLE = (
    ("guest@example.org", "Grace Guest", ""),
    ("manager@example.org", "Max Manager", MANAGER),
    ("boxoffice@example.org", "Bo Office", BOX_OFFICE),
    ("door@example.org", "Dora Door", DOOR),
)


@transaction.atomic
def open_cinema(*, now: datetime) -> bool:
    """Fill an empty catalogue with the demo cinema. False if there was anything in it."""
    if Movie.objects.exists() or Auditorium.objects.exists():
        return False
    movies = {film.slug: _show(film) for film in FILMS}
    rooms = {
        room.name: seat_plan.apply_plan(
            Auditorium.objects.create(
                name=room.name, plan=room.plan, access_notes=room.access_notes
            )
        )
        for room in AUDITORIUMS
    }
    planned = [plan for plan in programme(business_day(now)) if _start(plan) > now]
    showtimes = Showtime.objects.bulk_create(
        _planned(plan, movies[plan.film], rooms[plan.auditorium]) for plan in planned
    )
    if not all(showtime.pk for showtime in showtimes):  # MySQL does not tell the keys
        showtimes = list(Showtime.objects.order_by("pk"))
    for plan, showtime in zip(planned, showtimes, strict=True):
        _seat_audience(showtime, plan.fill, now=now)
    return True


@transaction.atomic
def hire_people() -> None:
    """The demo's log-ins. Their password is printed in the README: never outside a demo."""
    if not settings.DEMO:
        raise RuntimeError("Demo log-ins are made in a demo only.")
    for email, name, role in PEOPLE:
        if User.objects.filter(email=email).exists():
            continue
        user = User.objects.create_user(email, PASSWORD, name=name, is_staff=bool(role))
        if role:
            user.groups.add(Group.objects.get(name=role))


def _show(film: Film) -> Movie:
    return catalogue.add(
        {
            "title": film.title,
            "original_title": film.original_title,
            "slug": film.slug,
            "summary": film.summary,
            "description": film.synopsis,
            "poster_url": f"/{settings.STATIC_URL.strip('/')}/{film.poster}",
            "poster_alt": film.poster_alt,
            "runtime_minutes": film.runtime_minutes,
            "rating": film.rating,
            "rating_reason": film.rating_reason,
            "release_date": film.release_date,
            "directors": ", ".join(film.directors),
            "cast": ", ".join(film.cast),
            "language": film.language,
            "country": film.country,
            "trailer_url": film.trailer_url,
        },
        film.genres,
    )


def _planned(plan: PlannedShowtime, movie: Movie, room: Auditorium) -> Showtime:
    starts_at = _start(plan)
    return Showtime(
        movie=movie,
        auditorium=room,
        starts_at=starts_at,
        ends_at=scheduling.free_again_at(movie, starts_at),
        state=ShowtimeState.ON_SALE,
        format=plan.format,
        language=plan.language,
        has_captions=plan.captions,
        has_audio_description=plan.audio_description,
        is_relaxed=plan.relaxed,
        prices=currencies.like_cents(plan.prices, settings.CURRENCY),
    )


def _start(plan: PlannedShowtime) -> datetime:
    return scheduling.local_start(plan.starts_at.date(), plan.starts_at.time())


def _seat_audience(showtime: Showtime, fill: float, *, now: datetime) -> None:
    """Complimentary bookings of parties of one to five, until so much of the room is full."""
    parties = list(_parties(showtime, fill))
    reservations = _bookings(showtime, len(parties), now=now)
    ReservedSeat.objects.bulk_create(
        ReservedSeat(reservation=reservation, showtime=showtime, seat_id=seat_id, price=0)
        for reservation, party in zip(reservations, parties, strict=True)
        for seat_id in party
    )
    _write_sales(reservations, at=now - timedelta(days=1))
    StateChange.objects.bulk_create(
        StateChange(
            reservation=reservation,
            from_state=was,
            to_state=to,
            at=now - timedelta(days=1),
            by="demo",
        )
        for reservation in reservations
        for was, to in pairwise((State.HELD, State.PINNED, State.CONFIRMED))
    )


def _write_sales(reservations: list[Reservation], *, at: datetime) -> None:
    """Into the ledger: what is free is a sale, too."""
    tickets = defaultdict(list)
    claims = ReservedSeat.objects.filter(reservation__in=reservations)
    rows = claims.values_list("reservation_id", "ticket_id", "ticket_type__code")
    for reservation_id, ticket_id, code in rows:
        tickets[reservation_id].append(Item(ticket_id, code, price=0))
    demo = Actor.rule("demo")
    ledger.write(
        *(
            ledger.sale(
                sold.reference,
                tickets[sold.pk],
                (),
                currency=sold.currency,
                at=at,
                by=demo,
            )
            for sold in reservations
        )
    )


def _bookings(showtime: Showtime, count: int, *, now: datetime) -> list[Reservation]:
    """So many confirmed reservations without seats and price, booked the day before."""
    reservations = Reservation.objects.bulk_create(
        Reservation(
            showtime=showtime,
            state=State.CONFIRMED,
            holding=None,
            held_until=now,
            amount=0,
            currency=settings.CURRENCY,
            cancellable_until=showtime.starts_at,
            created_at=now - timedelta(days=1),
            confirmed_at=now - timedelta(days=1),
        )
        for _number in range(count)
    )
    if reservations and not reservations[0].pk:  # MySQL does not say which keys it gave
        return list(Reservation.objects.filter(showtime=showtime).order_by("pk"))
    return reservations


def _parties(showtime: Showtime, fill: float) -> Iterator[list[int]]:
    """Seat keys of people who came together: neighbours in a row, the middle rows first."""
    chance = Random(f"{showtime.auditorium.name} {showtime.starts_at:%Y-%m-%d %H:%M}")
    seats = list(showtime.auditorium.seats.order_by("y", "x"))
    left = round(fill * len(seats))
    # A wheelchair space goes last: whoever needs one should find it free even on a full night.
    spare = {SeatKind.WHEELCHAIR, SeatKind.COMPANION} if fill < 1 else set()
    runs = _runs([seat for seat in seats if seat.kind not in spare], chance)
    middle = 0.6 * max(seat.y for seat in seats)
    runs.sort(key=lambda run: abs(run[0].y - middle) + chance.uniform(0, 6))
    for run in runs:
        if left <= 0:
            return
        party = run[:left]
        left -= len(party)
        yield [seat.pk for seat in party]


def _runs(seats: list[Seat], chance: Random) -> list[list[Seat]]:
    runs: list[list[Seat]] = []
    left = 0
    for seat in seats:
        beside = runs and runs[-1][-1].y == seat.y and runs[-1][-1].x + 1 == seat.x
        if not left or not beside:
            runs.append([])
            left = chance.choice((1, 2, 2, 2, 3, 4, 5))
        runs[-1].append(seat)
        left -= 1
    return runs
