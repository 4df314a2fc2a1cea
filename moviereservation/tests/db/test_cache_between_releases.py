"""Workers of two releases share a cache while an upgrade goes on."""

import pickle
import pickletools

import pytest
from django.core.cache import cache, caches
from django.utils import timezone

from accounts.tests.cast import alice
from movies.tests.factories import make_movie
from reservations.seating import occupancy
from reservations.seating.occupancy import invalidate, occupancy_key, occupancy_of
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db(transaction=True)

OURS = ("accounts", "movies", "showtimes", "payments", "reservations", "moviereservation")


def classes_in(value):
    """The modules of what a pickle of the value has to import."""
    return {
        str(argument).partition(" ")[0]
        for opcode, argument, _place in pickletools.genops(pickle.dumps(value, protocol=0))
        if opcode.name == "GLOBAL"
    }


def test_nothing_that_is_cached_for_all_has_a_class_of_ours(client, monkeypatch):
    stored, backend = [], type(caches["default"])
    store = backend.set

    def listening(self, key, value, *args, **kwargs):
        stored.append(value)
        return store(self, key, value, *args, **kwargs)

    monkeypatch.setattr(backend, "set", listening)
    showtime = make_showtime(movie=make_movie())
    hold_for(alice(), showtime, "A1")
    for path in ("/movies", f"/movies/{showtime.movie_id}/showtimes"):
        assert client.get(path).status_code == 200
    occupancy_of(showtime.pk, now=timezone.now())
    assert stored
    for value in stored:
        assert not {name for name in classes_in(value) if name.partition(".")[0] in OURS}


def test_what_1_0_0_has_cached_of_the_seats_is_dropped_with_ours():
    showtime = make_showtime()
    occupancy_of(showtime.pk, now=timezone.now())
    cache.set(f"occupancy:{showtime.pk}", "of 1.0.0", 60)
    invalidate(showtime.pk)
    assert cache.get(f"occupancy:{showtime.pk}") is None
    assert cache.get(occupancy_key(showtime.pk)) is None
    assert occupancy_key(showtime.pk) != f"occupancy:{showtime.pk}"


def test_an_occupancy_comes_back_from_the_cache_as_it_was():
    showtime = make_showtime()
    now = timezone.now()
    fresh = occupancy_of(showtime.pk, now=now)
    assert occupancy_of(showtime.pk, now=now) == fresh
    assert isinstance(fresh, occupancy.Occupancy)
