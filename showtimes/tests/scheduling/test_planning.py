"""No two showtimes of one auditorium overlap, cleaning included; and time is what clocks show."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from movies.models import Movie
from movies.tests.factories import make_movie
from showtimes import scheduling
from showtimes.errors import AuditoriumBusy, BadPrice, NonexistentTime, PastTime, TooFarAhead
from showtimes.models import Auditorium, Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EIGHT = NOW + timedelta(hours=8)
# 78 minutes of movie and 20 of cleaning.
TAKEN = timedelta(minutes=98)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shift", [timedelta(0), TAKEN - timedelta(minutes=1), -TAKEN + timedelta(minutes=1)]
)
def test_an_overlap_is_refused_and_names_the_clash(shift):
    first = make_showtime(starts_at=EIGHT, now=NOW)
    with pytest.raises(AuditoriumBusy) as refusal:
        make_showtime(
            movie=first.movie, auditorium=first.auditorium, starts_at=EIGHT + shift, now=NOW
        )
    clash = refusal.value.extra["clash"]
    assert clash["movie"] == "The General"
    assert datetime.fromisoformat(clash["startsAt"]) == EIGHT
    assert datetime.fromisoformat(clash["endsAt"]) == EIGHT + TAKEN
    assert Showtime.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [TAKEN, -TAKEN])
def test_one_may_begin_when_the_other_is_cleaned_up(shift):
    first = make_showtime(starts_at=EIGHT, now=NOW)
    make_showtime(movie=first.movie, auditorium=first.auditorium, starts_at=EIGHT + shift, now=NOW)
    assert Showtime.objects.count() == 2


@pytest.mark.django_db
def test_a_short_one_inside_a_long_one_overlaps_and_so_does_the_long_one_around_it():
    long, short = make_movie("Napoleon", runtime_minutes=330), make_movie(runtime_minutes=10)
    one, two = make_auditorium("One"), make_auditorium("Two")
    make_showtime(movie=long, auditorium=one, starts_at=EIGHT, now=NOW)
    make_showtime(movie=short, auditorium=two, starts_at=EIGHT + timedelta(hours=2), now=NOW)
    with pytest.raises(AuditoriumBusy):
        make_showtime(movie=short, auditorium=one, starts_at=EIGHT + timedelta(hours=2), now=NOW)
    with pytest.raises(AuditoriumBusy):
        make_showtime(movie=long, auditorium=two, starts_at=EIGHT, now=NOW)


@pytest.mark.django_db
def test_a_draft_takes_the_auditorium_and_a_cancelled_showtime_does_not():
    first = make_showtime(starts_at=EIGHT, now=NOW, state=ShowtimeState.DRAFT)
    again = {"movie": first.movie, "auditorium": first.auditorium, "starts_at": EIGHT, "now": NOW}
    with pytest.raises(AuditoriumBusy):
        make_showtime(**again)
    Showtime.objects.update(state=ShowtimeState.CANCELLED)
    make_showtime(**again)


@pytest.mark.django_db
def test_a_movie_of_unknown_length_takes_a_long_one():
    showtime = make_showtime(movie=make_movie(runtime_minutes=None), starts_at=EIGHT, now=NOW)
    assert showtime.ends_at - showtime.starts_at == timedelta(minutes=150 + 20)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shift", "refusal"),
    [
        (timedelta(0), PastTime),
        (timedelta(seconds=-1), PastTime),
        (timedelta(days=-400), PastTime),
        (timedelta(days=367), TooFarAhead),
    ],
)
def test_a_start_in_the_past_or_in_years_is_refused(shift, refusal):
    with pytest.raises(refusal):
        make_showtime(starts_at=NOW + shift, now=NOW)
    assert not Showtime.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "prices",
    [
        {"standard": -1},
        {"standard": 0},
        {"standard": 49},
        {"standard": 1_000_001},
        {"standard": 12.5},
        {"standard": 1200.0},
        {"standard": True},
        {"standard": "1200"},
        {"standard": None},
        {"premium": 1500},
        {"standard": 1200, "balcony": 900},
        [1200],
        "1200",
        1200,
    ],
)
def test_a_price_is_a_whole_number_of_cents_that_can_be_charged(prices):
    with pytest.raises(BadPrice):
        make_showtime(prices=prices)
    assert not Showtime.objects.exists()


@pytest.mark.django_db
def test_without_prices_those_of_the_house_count(settings):
    showtime = scheduling.schedule(make_movie(), make_auditorium(), EIGHT, now=NOW)
    assert showtime.prices == settings.DEFAULT_PRICES
    assert showtime.from_price == 1200


@pytest.mark.django_db
def test_a_kind_without_a_price_costs_what_a_standard_seat_costs():
    showtime = make_showtime(prices={"standard": 1000, "premium": 1500})
    kinds = ("standard", "premium", "wheelchair", "sofa")
    assert [showtime.price_of(kind) for kind in kinds] == [1000, 1500, 1000, 1000]


@pytest.mark.parametrize(("hour", "minute"), [(2, 0), (2, 30), (2, 59)])
def test_a_time_that_the_clocks_skip_is_refused(hour, minute):
    with pytest.raises(NonexistentTime) as refusal:
        scheduling.local_start(date(2027, 3, 14), time(hour, minute))
    clock = f"2:{minute:02}" if minute else "2"
    assert f"03/14/2027 {clock} a.m." in str(refusal.value)


@pytest.mark.parametrize(
    ("clock", "utc"),
    [(time(1, 59, 59), "06:59:59"), (time(3), "07:00:00"), (time(19, 30), "23:30:00")],
)
def test_the_times_around_the_gap_are_real(clock, utc):
    start = scheduling.local_start(date(2027, 3, 14), clock)
    assert start.astimezone(UTC).time().isoformat() == utc


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    start = scheduling.local_start(date(2026, 11, 1), time(1, 30))
    assert start.astimezone(UTC) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2027, 3, 14), date(2027, 3, 15)])
def test_a_showtime_lasts_as_long_as_its_movie_while_the_clocks_change(day):
    start = scheduling.local_start(day, time(1, 30))
    end = scheduling.free_again_at(Movie(runtime_minutes=90), start)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=110)


@pytest.mark.django_db
def test_the_night_that_loses_an_hour_sells_no_auditorium_twice():
    now, room, movie = datetime(2027, 3, 1, tzinfo=UTC), make_auditorium(), make_movie()
    late = scheduling.local_start(date(2027, 3, 14), time(1, 30))
    scheduling.schedule(movie, room, late, now=now)
    with pytest.raises(AuditoriumBusy):
        scheduling.schedule(movie, room, late.astimezone(UTC) + timedelta(minutes=60), now=now)


@pytest.mark.parametrize(
    ("day", "refusal"), [(date(9999, 12, 31), TooFarAhead), (date(1, 1, 1), PastTime)]
)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_the_ends_of_the_calendar_are_no_times_for_a_show(day, refusal, zone, settings):
    settings.TIME_ZONE = zone
    clock = time(23, 59) if day.year > 1 else time(0)
    with pytest.raises(refusal):
        scheduling.validate_start(scheduling.local_start(day, clock), now=NOW)


@pytest.mark.django_db
def test_an_auditorium_made_to_size_is_used_again_when_it_is_free():
    movie = make_movie()
    rooms = [
        scheduling.schedule_for(20, movie, start, now=NOW).auditorium
        for start in (EIGHT, EIGHT + timedelta(minutes=30), EIGHT + TAKEN)
    ]
    assert rooms[0] == rooms[2] != rooms[1]
    assert [room.capacity for room in rooms] == [20, 20, 20]


@pytest.mark.django_db
def test_a_refusal_leaves_no_auditorium_behind():
    with pytest.raises(BadPrice):
        scheduling.schedule_for(20, make_movie(), EIGHT, now=NOW, prices={"standard": -1})
    assert not Auditorium.objects.exists()
