"""What the web server calls never raises, also where Django itself reads before it handles."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from moviereservation.ready_answers import ReadyAnswers
from moviereservation.tests.ready_answers.asking import ask
from moviereservation.wsgi import application

pytestmark = pytest.mark.django_db


def told(path: str, query: str = "", **environ: Any) -> tuple[int, Any]:
    """Status and JSON of a GET, straight through the WSGI application."""
    answer = ask(application, f"{path}?{query}", **environ)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize("charset", ["hex", "zlib", "base64", "rot13", "utf-16", "idna", "latin-1"])
@pytest.mark.parametrize("path", ["/movies", "/"])
def test_a_charset_that_is_not_utf_8_is_refused_and_breaks_nothing(charset, path):
    status, problem = told(path, "genre=%C3%A9", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert (status, problem["code"]) == (415, "unsupported_media_type")


def test_a_query_of_too_many_parts_is_refused_and_breaks_nothing():
    query = "&".join(f"a{n}=1" for n in range(1500))
    status, problem = told("/movies", query, CONTENT_TYPE="application/json; charset=utf-8")
    assert (status, problem["code"]) == (400, "malformed")


def test_a_query_is_read_as_utf_8():
    status, problem = told(
        "/movies", "genre=%C3%A9&search=%ff", CONTENT_TYPE="nonsense; charset=x-y"
    )
    assert (status, problem["code"]) == (415, "unsupported_media_type")
    assert told("/movies", "genre=%C3%A9&search=%ff") == (200, [])


def test_public_reads_are_ready_before_django_is_asked():
    assert isinstance(application, ReadyAnswers)


def test_who_develops_sees_a_change_at_once():
    """DEBUG=on, in a process of its own: the application is made when it is imported."""
    program = "from moviereservation.wsgi import application; print(type(application).__name__)"
    environ = os.environ | {"DEBUG": "on", "DEMO": "on", "SECRET_KEY": ""}
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environ, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert found.stdout == "Handler\n"
