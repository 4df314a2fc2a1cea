"""With Redis gone or hanging everything is as it was, only slower, and limits still hold."""

import time

import pytest
import time_machine
from django.core.cache import cache, caches

from accounts.tests.cast import alice, api_client, as_json
from moviereservation.db import cache as our_cache
from moviereservation.tests.db import redis_away
from payments.models import Payment
from reservations.limits import INTENTS_BY_GUEST
from reservations.models import Reservation
from showtimes.tests.factories import make_showtime

NOON = "2026-11-22T12:00:00Z"


@pytest.fixture(params=redis_away.AWAY)
def without_redis(request, settings, monkeypatch):
    monkeypatch.setattr(our_cache.CircuitBreaker, "away_until", {})
    our_cache.LocalCache("fallback", {}).clear()
    with redis_away.address(request.param) as url:
        settings.CACHES = redis_away.caches(url)
        yield request.param


def a_visit(stripe):
    """Look, hold, look, pay, see it among the bookings, cancel: what was answered."""
    guest, showtime = alice(), make_showtime()
    client, anybody = api_client(guest), api_client()
    told = [anybody.get("/movies"), anybody.get(f"/movies/{showtime.movie_id}/showtimes")]
    seats = f"/showtimes/{showtime.pk}/seats"
    told.append(anybody.get(seats))
    wish = as_json({"showtimeId": showtime.pk, "seats": ["A1", "A2"]})
    told += [client.post("/payment/create-payment-intent", **wish), anybody.get(seats)]
    intent = told[-2].json()["paymentIntentId"]
    stripe.confirm(intent)
    paid = as_json({"paymentIntentId": intent})
    told += [client.post("/reservations", **paid), anybody.get(seats)]
    told.append(client.get("/reservations/my-reservations"))
    told.append(client.delete(f"/reservations/{Reservation.objects.get().pk}"))
    told.append(anybody.get(seats))
    free = [answer.json()["seatsAvailable"] for answer in told if "seatsAvailable" in answer.json()]
    return [answer.status_code for answer in told], free


@pytest.mark.django_db(transaction=True)
def test_a_visit_ends_as_always(stripe_standin, without_redis):
    started = time.monotonic()
    statuses, free = a_visit(stripe_standin)
    assert statuses == [200, 200, 200, 201, 200, 201, 200, 200, 200, 200]
    assert free == [24, 22, 22, 24]
    assert time.monotonic() - started < 10  # seconds; a time-out for each call would be many more


@pytest.mark.django_db(transaction=True)
def test_with_a_cache_that_answers_a_visit_is_the_same(stripe_standin):
    statuses, free = a_visit(stripe_standin)
    assert statuses == [200, 200, 200, 201, 200, 201, 200, 200, 200, 200]
    assert free == [24, 22, 22, 24]


@pytest.mark.usefixtures("without_redis")
def test_every_call_has_an_answer():
    assert cache.get("key") is None
    assert cache.get("key", "default") == "default"
    assert cache.get_many(["key", "other"]) == {}
    assert cache.get_or_set("key", lambda: "built") == "built"
    assert "key" not in cache
    assert not cache.add("key", 1)
    assert not cache.touch("key")
    assert not cache.delete("key")
    cache.set("key", "value", 60)
    cache.set_many({"key": "value"}, 60)
    cache.delete_many(["key"])
    cache.clear()


@pytest.mark.usefixtures("without_redis")
def test_only_the_first_call_pays_for_the_time_out():
    started = time.monotonic()
    for _n in range(200):
        cache.get("key")
    assert time.monotonic() - started < 1.5


@pytest.mark.usefixtures("without_redis")
def test_it_is_asked_again_after_a_moment(monkeypatch):
    monkeypatch.setattr(our_cache, "AWAY_SECONDS", 0.2)
    cache.get("key")
    assert cache.away
    time.sleep(0.25)
    assert not cache.away


@pytest.mark.usefixtures("without_redis")
def test_a_crowd_does_not_wait_for_one_another():
    from accounts.tests.crowd import at_once

    started = time.monotonic()
    answers = at_once(8, lambda _n: cache.get_or_set("key", lambda: "built", 60))
    assert answers == ["built"] * 8
    assert time.monotonic() - started < 3


@pytest.mark.usefixtures("without_redis")
def test_what_is_counted_is_counted_here():
    limits = caches["limits"]
    limits.add("count", 0, timeout=60)
    assert [limits.incr("count") for _n in range(3)] == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.usefixtures("without_redis")
def test_intents_are_limited_by_the_minute_all_the_same(stripe_standin):
    with time_machine.travel(NOON, tick=False):
        client, showtime = api_client(alice()), make_showtime()
        wish = as_json({"showtimeId": showtime.pk, "seats": ["A1"]})
        answers = [
            client.post("/payment/create-payment-intent", **wish)
            for _n in range(INTENTS_BY_GUEST.times + 2)
        ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [201, *[200] * (INTENTS_BY_GUEST.times - 1), 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Payment.objects.count() == 1
