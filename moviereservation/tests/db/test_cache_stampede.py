"""A crowd that misses the same thing builds it once, and nobody is given what is out of date."""

import threading
import time

import pytest
from django.core.cache import cache, caches

from accounts.tests.crowd import at_once
from moviereservation.db import cache as our_cache

CROWD = 12
KEY = "stampede"


class Builder:
    """Takes its time and counts how often it is called."""

    def __init__(self, seconds=0.1):
        self.seconds = seconds
        self.calls = 0

    def __call__(self):
        self.calls += 1
        time.sleep(self.seconds)
        return f"built {self.calls}"


@pytest.fixture
def short_patience(monkeypatch):
    """For a builder that died, seconds."""
    monkeypatch.setattr(our_cache, "BUILD_SECONDS", 1)


def test_a_crowd_builds_once_and_all_get_the_same():
    build = Builder()
    answers = at_once(CROWD, lambda _n: cache.get_or_set(KEY, build, 60))
    assert answers == ["built 1"] * CROWD
    assert build.calls == 1


@pytest.mark.parametrize("look", range(1, 7))
def test_whenever_the_builder_is_done_nobody_builds_again(monkeypatch, look):
    """It stores the value and gives its token back between any two looks of a waiter."""
    cache.add(f"{KEY}:building", "the builder's", 60)
    backend, seen = caches["default"], []

    def then_the_builder_is_done(read):
        def reading(*args, **kwargs):
            found = read(*args, **kwargs)
            seen.append(args)
            if len(seen) == look:
                cache.set(KEY, "built", 60)
                cache.delete(f"{KEY}:building")
            return found

        return reading

    for name in ("get", "get_many"):
        monkeypatch.setattr(backend, name, then_the_builder_is_done(getattr(backend, name)))
    assert cache.get_or_set(KEY, lambda: "built again", 60) == "built"
    assert len(seen) >= look


def test_what_is_there_is_not_built_again():
    build = Builder(seconds=0)
    assert {cache.get_or_set(KEY, build, 60) for _n in range(5)} == {"built 1"}


@pytest.mark.parametrize("nothing", [None, 0, "", [], {}])
def test_nothing_is_also_something_to_remember(nothing):
    assert cache.get_or_set(KEY, lambda: nothing, 60) == nothing
    assert cache.get_or_set(KEY, lambda: "built again", 60) == nothing


def test_a_plain_value_may_stand_for_its_builder():
    assert cache.get_or_set(KEY, "plain", 60) == cache.get(KEY) == "plain"


def test_a_builder_that_fails_leaves_nothing_behind():
    def fail():
        raise ValueError("no such showtime")

    with pytest.raises(ValueError, match="no such"):
        cache.get_or_set(KEY, fail, 60)
    started = time.monotonic()
    assert cache.get_or_set(KEY, lambda: "fine", 60) == "fine"
    assert time.monotonic() - started < 1  # nobody waited for the one that failed


def test_who_waited_for_a_builder_that_fails_builds():
    first, order = threading.Event(), []

    def fail_once():
        order.append("build")
        if len(order) == 1:
            first.set()
            time.sleep(0.1)
            raise ValueError("the first one fails")
        return "fine"

    def ask(number):
        if number:
            first.wait(5)
        try:
            return cache.get_or_set(KEY, fail_once, 60)
        except ValueError:
            return "failed"

    assert sorted(at_once(4, ask)) == ["failed", "fine", "fine", "fine"]


@pytest.mark.usefixtures("short_patience")
def test_nobody_waits_for_ever_for_a_builder_that_died():
    cache.add(f"{KEY}:building", "killed", 60)
    started = time.monotonic()
    assert cache.get_or_set(KEY, lambda: "built all the same", 60) == "built all the same"
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "forget", [lambda: cache.delete(KEY), lambda: cache.delete_many([KEY, "other"])]
)
def test_what_was_forgotten_while_it_was_built_is_not_kept(forget):
    """It may have been read before the change that it is forgotten for."""

    def build():
        forget()
        return "read before the change"

    assert cache.get_or_set(KEY, build, 60) == "read before the change"
    assert cache.get(KEY) is None
    assert cache.get_or_set(KEY, lambda: "read after it", 60) == "read after it"


def test_who_builds_from_before_a_change_leaves_the_token_to_who_builds_from_after_it():
    def build():
        cache.delete(KEY)
        cache.add(f"{KEY}:building", "the next one's", 60)
        return "read before the change"

    cache.get_or_set(KEY, build, 60)
    assert cache.get(f"{KEY}:building") == "the next one's"


def test_what_is_forgotten_after_it_was_built_is_built_again():
    build = Builder(seconds=0)
    cache.get_or_set(KEY, build, 60)
    cache.delete_many([KEY])
    assert cache.get_or_set(KEY, build, 60) == "built 2"
