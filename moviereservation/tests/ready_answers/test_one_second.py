"""An answer is kept for one second, in bounds, and built by one at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from moviereservation.ready_answers import ReadyAnswers, application, shelf
from moviereservation.ready_answers.answer import LARGEST
from moviereservation.tests.ready_answers.asking import (
    BROWSER,
    Behind,
    ask,
    in_front_of,
)
from showtimes.tests.factories import make_showtime

PLAIN = [("Content-Type", "text/plain"), ("Vary", "Accept-Language, Cookie"), ("ETag", '"a"')]


class Slow:
    """Something behind that answers when it is told to, and in the way it is told to."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.asked = 0
        self.came = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._lock:
            number = self.asked
            self.asked += 1
        self.came.release()
        assert self.go.acquire(timeout=20)
        told = self.answers[number] if number < len(self.answers) else "200 OK"
        if isinstance(told, Exception):
            raise told
        start_response(told, PLAIN)
        return [b"answer %d" % number]


@pytest.fixture
def crowd():
    with ThreadPoolExecutor(12) as threads:
        yield threads


def waiting(ready: ReadyAnswers, slow: Slow, crowd: Any, *, many: int = 10) -> list[Any]:
    """So many at once for one address, the first of them already at what is behind."""
    first = crowd.submit(ask, ready, "/movies")
    assert slow.came.acquire(timeout=20)
    entered = threading.Semaphore(0)
    building = next(iter(ready._building.values())).over
    wait = building.wait

    def counted(timeout: float | None = None) -> bool:
        entered.release()
        return wait(timeout)

    building.wait = counted  # type: ignore[method-assign]
    others = [crowd.submit(ask, ready, "/movies") for _n in range(many - 1)]
    for _other in others:
        assert entered.acquire(timeout=20)
    return [first, *others]


def test_it_is_built_once_for_a_crowd(crowd):
    ready, _clock = in_front_of(slow := Slow())
    asked = waiting(ready, slow, crowd)
    slow.go.release()
    assert {future.result(20).body for future in asked} == {b"answer 0"}
    assert slow.asked == 1
    assert not ready._building


def test_control_a_crowd_for_another_address_is_built_beside(crowd):
    ready, _clock = in_front_of(slow := Slow())
    asked = [crowd.submit(ask, ready, path) for path in ("/movies", "/movies/", "/")]
    for _path in asked:
        assert slow.came.acquire(timeout=20)
    slow.go.release(3)
    assert len({future.result(20).body for future in asked}) == 3


@pytest.mark.parametrize("failure", ["503 Service Unavailable", "500 Oh", ValueError("broken")])
def test_after_a_builder_who_failed_the_next_one_tries(crowd, failure):
    ready, _clock = in_front_of(slow := Slow())
    slow.answers = [failure, failure]
    asked = waiting(ready, slow, crowd)
    for number in range(3):
        slow.go.release()
        if number < 2:
            assert slow.came.acquire(timeout=20)
    failed = [future for future in asked if future.exception(20) or future.result().status >= 500]
    assert len(failed) == 2
    assert {future.result().body for future in asked if future not in failed} == {b"answer 2"}
    assert slow.asked == 3
    assert not ready._building


def test_what_is_nobody_elses_is_asked_for_by_each(crowd):
    ready, _clock = in_front_of(slow := Slow())
    slow.answers = ["404 Not Found"] * 10
    asked = waiting(ready, slow, crowd)
    slow.go.release(10)
    assert {future.result(20).status for future in asked} == {404}
    assert slow.asked == 10


def test_nobody_waits_for_a_builder_longer_than_is_patient(crowd, monkeypatch):
    ready, _clock = in_front_of(slow := Slow())
    monkeypatch.setattr(application, "PATIENCE", 0.01)
    first, other = waiting(ready, slow, crowd, many=2)
    assert slow.came.acquire(timeout=20)  # the other, on their own
    slow.go.release(2)
    assert {first.result(20).body, other.result(20).body} == {b"answer 0", b"answer 1"}


def test_nobody_joins_a_build_that_began_a_second_ago(crowd):
    ready, clock = in_front_of(slow := Slow())
    first = crowd.submit(ask, ready, "/movies")
    assert slow.came.acquire(timeout=20)
    clock.now += 1
    second = crowd.submit(ask, ready, "/movies")
    assert slow.came.acquire(timeout=20)
    slow.go.release(2)
    assert {first.result(20).body, second.result(20).body} == {b"answer 0", b"answer 1"}
    assert not ready._building


def test_an_answer_is_as_old_as_when_it_was_begun(crowd):
    ready, clock = in_front_of(slow := Slow())
    first = crowd.submit(ask, ready, "/movies")
    assert slow.came.acquire(timeout=20)
    clock.now += 0.75
    slow.go.release(2)
    assert first.result(20).body == b"answer 0"
    clock.now += 0.125
    assert ask(ready, "/movies").body == b"answer 0"
    clock.now += 0.125
    assert ask(ready, "/movies").body == b"answer 1"


def answering(headers: list[tuple[str, str]], body: bytes = b"body") -> Any:
    def behind(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [body]

    return behind


@pytest.mark.parametrize(
    "header",
    [("Set-Cookie", "a=b"), ("Cache-Control", "private"), ("Cache-Control", "max-age=0, no-store"),
     ("Vary", "Cookie, Authorization"), ("Vary", "*"), ("X-Request-ID", "1"),
     ("RateLimit", "limit=1"), ("Retry-After", "1"), ("Date", "today"), ("X-Anything", "new"),
     ("Content-Security-Policy", "script-src 'nonce-abc'")],
)  # fmt: skip
def test_an_answer_with_anything_of_one_request_is_given_and_not_kept(header):
    name, _value = header
    headers = [one for one in PLAIN if one[0] != name] + [header]
    ready, _clock = in_front_of(answering(headers))
    assert dict(header for header in ask(ready, "/").headers.items()) == dict(headers)
    assert len(ready.shelf) == 0


def test_what_streams_is_not_read_and_not_kept():
    class Streaming(list[bytes]):
        streaming = True

    read = []

    def behind(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", PLAIN)
        read.append("REMOTE_ADDR" in environ)
        return Streaming([b"a", b"b"])

    ready, _clock = in_front_of(behind)
    assert ask(ready, "/").body == b"ab"
    assert read == [False, True]
    assert len(ready.shelf) == 0


def test_memory_is_bounded_whatever_a_stranger_invents():
    ready, clock = in_front_of(answering(PLAIN, b"x" * 40_000))
    for number in range(10_000):
        assert ask(ready, f"/movies?search=invented{number}").status == 200
        assert len(ready.shelf) <= shelf.MOST_ANSWERS
        assert ready.shelf.bytes <= shelf.MOST_BYTES
    assert len(ready.shelf) == shelf.MOST_BYTES // (40_000 + shelf.OVERHEAD)
    small, clock = in_front_of(answering(PLAIN, b""))
    for number in range(10_000):
        ask(small, f"/movies?search=invented{number}")
    assert len(small.shelf) == shelf.MOST_ANSWERS
    clock.now += 1
    ask(small, "/movies")
    assert len(small.shelf) == 1
    assert small.shelf.bytes == shelf.OVERHEAD


@pytest.mark.parametrize(
    "path", ["/movies?utm=", "/?search=a&x=", "/movies/1?", "/movies?%73earch="]
)
def test_a_parameter_that_nobody_knows_is_asked_of_what_is_behind(path):
    ready, _clock = in_front_of(answering(PLAIN))
    for number in range(10):
        assert ask(ready, f"{path}{number}").status == 200
    assert len(ready.shelf) == 0


def test_what_is_large_is_given_and_not_kept():
    ready, _clock = in_front_of(answering(PLAIN, b"x" * (LARGEST + 1)))
    assert len(ask(ready, "/").body) == LARGEST + 1
    assert len(ready.shelf) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "kept"),
    [("testserver", 1), ("TESTSERVER:80", 1), ("evil.example", 0), ("testserver.evil.example", 0),
     ("testserver/../x", 0), ("test\nserver", 0), ("", 0), (None, 0), ("x" * 400, 0)],
)  # fmt: skip
def test_only_hosts_that_are_ours_are_kept_and_each_for_itself(settings, host, kept):
    settings.ALLOWED_HOSTS = ["testserver"]
    make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    for _n in range(3):
        answer = ask(ready, "/movies", HTTP_HOST=host)
        if kept:
            assert f"<http://{host}/movies" in answer.headers["Link"]
        elif host:
            assert (answer.status, answer.headers["Cache-Control"]) == (400, "no-store")
    assert len(ready.shelf) == kept
    assert len(behind.asked) == (1 if kept else 3)
    asked = {name: value for name, value in BROWSER.items() if name != "HTTP_HOST"}
    link = ask(ready, "/movies", **asked).headers["Link"]
    assert "<http://testserver/movies" in link
