"""What stands in front of Django and answers public reads by itself."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from moviereservation.ready_answers.answer import Answer, Application, StartResponse, answer_of
from moviereservation.ready_answers.keys import Key, key_of
from moviereservation.ready_answers.shelf import SECONDS, Shelf

# How long somebody waits for what another request is building, before they ask for themselves.
PATIENCE = 5.0


class Build:
    """One answer that is being built, for who asked first and for who asks meanwhile."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.over = threading.Event()
        self.answer: Answer | None = None
        self.failed = False


class ReadyAnswers:
    """A WSGI application in front of another one.

    An answer is given until a second after it was begun to be built, and is never invalidated.
    Whoever sends a token, a session or anything else that is not known to be the same for everybody
    is answered by the application behind.
    """

    def __init__(
        self, application: Application, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.shelf = Shelf()
        self._application = application
        self._clock = clock
        self._building: dict[Key, Build] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key = key_of(environ)
        if key is not None:
            answer = self.shelf.get(key, now=self._clock()) or self._built(key, environ)
            if answer is not None:
                return answer.give(environ, start_response)
        return self._application(environ, start_response)  # type: ignore[no-any-return]

    def _built(self, key: Key, environ: dict[str, Any]) -> Answer | None:
        """Build it, or wait for who does; None for what has to be asked for by each alone."""
        patient_until = time.monotonic() + PATIENCE
        while True:
            with self._lock:
                now = self._clock()
                answer = self.shelf.get(key, now=now)
                if answer is not None:
                    return answer
                build = self._building.get(key)
                # What began longer ago than an answer may be old is not waited for.
                is_first = build is None or now - build.began >= SECONDS
                if build is None or is_first:
                    build = self._building[key] = Build(now)
            if is_first:
                return self._build(build, key, environ)
            if not build.over.wait(max(0.0, patient_until - time.monotonic())):
                return None
            if not build.failed:
                return build.answer
            # Whoever comes first of those who waited tries again.

    def _build(self, build: Build, key: Key, environ: dict[str, Any]) -> Answer | None:
        build.failed = True  # until it is known better, whatever is raised
        try:
            answer = answer_of(self._application, key.environ(environ))
            build.failed = answer is not None and answer.failed
            if answer is not None and answer.is_for_everybody:
                build.answer = answer
        finally:
            with self._lock:
                if build.answer is not None:
                    self.shelf.put(key, build.answer, began=build.began, now=self._clock())
                if self._building.get(key) is build:
                    del self._building[key]
            build.over.set()
        return answer if build.answer is not None or _is_refusal(answer) else None


def _is_refusal(answer: Answer | None) -> bool:
    """Whether it is no 200 and nobody's own: who asked is told so, and need not ask once more."""
    if answer is None or answer.status.startswith("200 "):
        return False
    return all(name.lower() != "set-cookie" for name, _value in answer.headers)
