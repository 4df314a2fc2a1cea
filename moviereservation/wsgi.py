"""What the web server calls: `granian --interface wsgi moviereservation.wsgi:application`."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from moviereservation.ready_answers import ReadyAnswers
from moviereservation.ready_answers.answer import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")


class Request(WSGIRequest):
    """A request is read as UTF-8, whatever it says.

    Django takes any codec of Python's that a client names as `charset`, and reads the query with
    it before anything could refuse: with `hex` or `zlib`, which are no text encodings, that is an
    exception outside of every handler. `middleware.read_as_utf_8` refuses such requests later.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(
            meta.get("CONTENT_TYPE", "")
        )


class Handler(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
# Who changes a template or a view sees it at once.
application: Application = Handler() if settings.DEBUG else ReadyAnswers(Handler())
